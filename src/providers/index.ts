/** The presets by name: one line each. */
import { alibaba, alibabaAnthropic } from './alibaba.ts'
import { anthropic } from './anthropic.ts'
import { azure, azureAnthropic, azureResponses } from './azure.ts'
import {
  bedrock,
  bedrockAnthropic,
  bedrockMantle,
  bedrockMantleAnthropic,
  bedrockMantleResponses,
} from './bedrock.ts'
import { cerebras } from './cerebras.ts'
import { cohere } from './cohere.ts'
import { databricks } from './databricks.ts'
import { deepseek, deepseekAnthropic, deepseekResponses } from './deepseek.ts'
import { demo, demoGemini, demoResponses } from './demo.ts'
import { fireworks } from './fireworks.ts'
import { gemini, geminiCompat, vertex, vertexAnthropic, vertexCompat } from './google.ts'
import { groq } from './groq.ts'
import { huggingface } from './huggingface.ts'
import { kimi, kimiAnthropic } from './kimi.ts'
import { llamacpp, llamacppAnthropic } from './llamacpp.ts'
import { lmstudio, lmstudioAnthropic, lmstudioResponses } from './lmstudio.ts'
import { minimax, minimaxAnthropic } from './minimax.ts'
import { mistral } from './mistral.ts'
import { nvidia } from './nvidia.ts'
import { ollama, ollamaAnthropic, ollamaResponses } from './ollama.ts'
import { openai, openaiResponses } from './openai.ts'
import { openrouter, openrouterAnthropic, openrouterResponses } from './openrouter.ts'
import { perplexity } from './perplexity.ts'
import type { Preset } from './provider.ts'
import { sglang, sglangAnthropic } from './sglang.ts'
import { together } from './together.ts'
import { vercelAnthropic, vercelGateway, vercelResponses } from './vercel.ts'
import { vllm, vllmAnthropic, vllmResponses } from './vllm.ts'
import { workersAi, workersAiBinding } from './workers-ai.ts'
import { xai, xaiChat } from './xai.ts'
import { zai, zaiAnthropic } from './zai.ts'

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
