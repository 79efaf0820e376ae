/** The presets by name: one line each. */
import { anthropic } from './anthropic.ts'
import { azureResponses } from './azure.ts'
import { deepseek, deepseekResponses } from './deepseek.ts'
import { demo } from './demo.ts'
import { gemini, geminiCompat, vertex, vertexAnthropic, vertexCompat } from './google.ts'
import { lmstudioResponses } from './lmstudio.ts'
import { ollama, ollamaResponses } from './ollama.ts'
import { openai, openaiResponses } from './openai.ts'
import { openrouter, openrouterResponses } from './openrouter.ts'
import { perplexity } from './perplexity.ts'
import type { Preset } from './provider.ts'
import { vercelResponses } from './vercel.ts'
import { vllm, vllmResponses } from './vllm.ts'
import { xai } from './xai.ts'

export const presets: Record<string, Preset> = {
  anthropic,
  'azure-responses': azureResponses,
  deepseek,
  'deepseek-responses': deepseekResponses,
  demo,
  gemini,
  'gemini-compat': geminiCompat,
  'lmstudio-responses': lmstudioResponses,
  ollama,
  'ollama-responses': ollamaResponses,
  openai,
  'openai-responses': openaiResponses,
  openrouter,
  'openrouter-responses': openrouterResponses,
  perplexity,
  'vercel-responses': vercelResponses,
  vertex,
  'vertex-anthropic': vertexAnthropic,
  'vertex-compat': vertexCompat,
  vllm,
  'vllm-responses': vllmResponses,
  xai,
}
