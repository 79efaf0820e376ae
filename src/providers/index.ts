import type { Preset } from './provider.ts'
/** The presets by name: one line each. */
import { alibaba, alibabaAnthropic } from './vendors/alibaba.ts'
import { anthropic } from './vendors/anthropic.ts'
import { azure, azureAnthropic, azureResponses } from './vendors/azure.ts'
import {
  bedrock,
  bedrockAnthropic,
  bedrockMantle,
  bedrockMantleAnthropic,
  bedrockMantleResponses,
} from './vendors/bedrock.ts'
import { cerebras } from './vendors/cerebras.ts'
import { cohere } from './vendors/cohere.ts'
import { databricks } from './vendors/databricks.ts'
import { deepseek, deepseekAnthropic, deepseekResponses } from './vendors/deepseek.ts'
import { demo, demoGemini, demoResponses } from './vendors/demo.ts'
import { fireworks } from './vendors/fireworks.ts'
import { gemini, geminiCompat, vertex, vertexAnthropic, vertexCompat } from './vendors/google.ts'
import { groq } from './vendors/groq.ts'
import { huggingface } from './vendors/huggingface.ts'
import { kimi, kimiAnthropic } from './vendors/kimi.ts'
import { llamacpp, llamacppAnthropic } from './vendors/llamacpp.ts'
import { lmstudio, lmstudioAnthropic, lmstudioResponses } from './vendors/lmstudio.ts'
import { minimax, minimaxAnthropic } from './vendors/minimax.ts'
import { mistral } from './vendors/mistral.ts'
import { nvidia } from './vendors/nvidia.ts'
import { ollama, ollamaAnthropic, ollamaResponses } from './vendors/ollama.ts'
import { openai, openaiResponses } from './vendors/openai.ts'
import { openrouter, openrouterAnthropic, openrouterResponses } from './vendors/openrouter.ts'
import { perplexity } from './vendors/perplexity.ts'
import { sglang, sglangAnthropic } from './vendors/sglang.ts'
import { together } from './vendors/together.ts'
import { vercelAnthropic, vercelGateway, vercelResponses } from './vendors/vercel.ts'
import { vllm, vllmAnthropic, vllmResponses } from './vendors/vllm.ts'
import { workersAi, workersAiBinding } from './vendors/workers-ai.ts'
import { xai, xaiChat } from './vendors/xai.ts'
import { zai, zaiAnthropic } from './vendors/zai.ts'

export const presets: Record<string, Preset> = {
  alibaba,
  'alibaba-anthropic': alibabaAnthropic,
  anthropic,
  azure,
  'azure-anthropic': azureAnthropic,
  'azure-responses': azureResponses,
  bedrock,
  'bedrock-anthropic': bedrockAnthropic,
  'bedrock-mantle': bedrockMantle,
  'bedrock-mantle-anthropic': bedrockMantleAnthropic,
  'bedrock-mantle-responses': bedrockMantleResponses,
  cerebras,
  cohere,
  databricks,
  deepseek,
  'deepseek-anthropic': deepseekAnthropic,
  'deepseek-responses': deepseekResponses,
  demo,
  'demo-gemini': demoGemini,
  'demo-responses': demoResponses,
  fireworks,
  gemini,
  'gemini-compat': geminiCompat,
  groq,
  huggingface,
  kimi,
  'kimi-anthropic': kimiAnthropic,
  llamacpp,
  'llamacpp-anthropic': llamacppAnthropic,
  lmstudio,
  'lmstudio-anthropic': lmstudioAnthropic,
  'lmstudio-responses': lmstudioResponses,
  minimax,
  'minimax-anthropic': minimaxAnthropic,
  mistral,
  nvidia,
  ollama,
  'ollama-anthropic': ollamaAnthropic,
  'ollama-responses': ollamaResponses,
  openai,
  'openai-responses': openaiResponses,
  openrouter,
  'openrouter-anthropic': openrouterAnthropic,
  'openrouter-responses': openrouterResponses,
  perplexity,
  sglang,
  'sglang-anthropic': sglangAnthropic,
  together,
  'vercel-anthropic': vercelAnthropic,
  'vercel-gateway': vercelGateway,
  'vercel-responses': vercelResponses,
  vertex,
  'vertex-anthropic': vertexAnthropic,
  'vertex-compat': vertexCompat,
  vllm,
  'vllm-anthropic': vllmAnthropic,
  'vllm-responses': vllmResponses,
  'workers-ai': workersAi,
  'workers-ai-binding': workersAiBinding,
  xai,
  'xai-chat': xaiChat,
  zai,
  'zai-anthropic': zaiAnthropic,
}
