/** The presets by name: one line each. */
import { anthropic } from './anthropic.ts'
import { deepseek } from './deepseek.ts'
import { demo } from './demo.ts'
import { ollama } from './ollama.ts'
import { openai } from './openai.ts'
import { openrouter } from './openrouter.ts'
import type { Preset } from './provider.ts'
import { vllm } from './vllm.ts'

export const presets: Record<string, Preset> = {
  anthropic,
  deepseek,
  demo,
  ollama,
  openai,
  openrouter,
  vllm,
}
