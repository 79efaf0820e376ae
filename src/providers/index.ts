/** All vendors, one import and one entry each; presets and their names are derived from them. */
import { toPresets } from './presets.ts'
import { alibaba } from './vendors/alibaba.ts'
import { anthropic } from './vendors/anthropic.ts'
import { azure } from './vendors/azure.ts'
import { bedrock, bedrockMantle } from './vendors/bedrock.ts'
import { cerebras } from './vendors/cerebras.ts'
import { cohere } from './vendors/cohere.ts'
import { databricks } from './vendors/databricks.ts'
import { deepseek } from './vendors/deepseek.ts'
import { demo } from './vendors/demo.ts'
import { fireworks } from './vendors/fireworks.ts'
import { gemini, vertex } from './vendors/google.ts'
import { groq } from './vendors/groq.ts'
import { huggingface } from './vendors/huggingface.ts'
import { kimi } from './vendors/kimi.ts'
import { llamacpp } from './vendors/llamacpp.ts'
import { lmstudio } from './vendors/lmstudio.ts'
import { minimax } from './vendors/minimax.ts'
import { mistral } from './vendors/mistral.ts'
import { nvidia } from './vendors/nvidia.ts'
import { ollama } from './vendors/ollama.ts'
import { openai } from './vendors/openai.ts'
import { openrouter } from './vendors/openrouter.ts'
import { perplexity } from './vendors/perplexity.ts'
import { sglang } from './vendors/sglang.ts'
import { together } from './vendors/together.ts'
import { vercel } from './vendors/vercel.ts'
import { vllm } from './vendors/vllm.ts'
import { workersAi, workersAiBinding } from './vendors/workers-ai.ts'
import { xai } from './vendors/xai.ts'
import { zai } from './vendors/zai.ts'

/** The presets by name. */
export const presets = toPresets([
  alibaba,
  anthropic,
  azure,
  bedrock,
  bedrockMantle,
  cerebras,
  cohere,
  databricks,
  deepseek,
  demo,
  fireworks,
  gemini,
  vertex,
  groq,
  huggingface,
  kimi,
  llamacpp,
  lmstudio,
  minimax,
  mistral,
  nvidia,
  ollama,
  openai,
  openrouter,
  perplexity,
  sglang,
  together,
  vercel,
  vllm,
  workersAi,
  workersAiBinding,
  xai,
  zai,
])

/** The name of a preset. */
export type PresetName = keyof typeof presets
