import type { ThinkingQuirks } from '../dialects/shared/thinking/thinking-quirks.ts'

/** Quirks of gpt-oss at most of its hosts: it always thinks, with one of three efforts (https://huggingface.co/openai/gpt-oss-120b). */
export const gptOss: Partial<ThinkingQuirks> = {
  thinks_by_default: true,
  thinking_off: null,
  efforts: ['low', 'medium', 'high'],
}
