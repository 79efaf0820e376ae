/** A model of each preset whose rules depend on the model: a recent one that clients would choose. */
import type { PresetName } from '../../src/providers/index.ts'

const models: Partial<Record<PresetName, string>> = {
  alibaba: 'qwen3.7-plus',
  anthropic: 'claude-sonnet-4-6',
  azure: 'gpt-5.6',
  'azure-anthropic': 'claude-sonnet-4-6',
  'azure-responses': 'gpt-5.6',
  bedrock: 'us.anthropic.claude-sonnet-4-6',
  'bedrock-anthropic': 'us.anthropic.claude-sonnet-4-6',
  'bedrock-mantle': 'openai.gpt-oss-120b',
  'bedrock-mantle-anthropic': 'anthropic.claude-sonnet-4-6',
  'bedrock-mantle-responses': 'openai.gpt-oss-120b',
  cerebras: 'zai-glm-4.7',
  cohere: 'command-a-03-2025',
  databricks: 'databricks-claude-sonnet-4-6',
  deepseek: 'deepseek-v4-pro',
  'deepseek-anthropic': 'deepseek-v4-pro',
  'deepseek-responses': 'deepseek-v4-pro',
  fireworks: 'accounts/fireworks/models/kimi-k2',
  gemini: 'gemini-3-flash-preview',
  'gemini-compat': 'gemini-3-flash-preview',
  groq: 'openai/gpt-oss-120b',
  kimi: 'kimi-k2.6',
  'kimi-anthropic': 'kimi-k2.6',
  minimax: 'MiniMax-M2',
  mistral: 'mistral-medium-latest',
  ollama: 'qwen3',
  openai: 'gpt-5.6',
  'openai-responses': 'gpt-5.6',
  openrouter: 'anthropic/claude-sonnet-4.6',
  'openrouter-anthropic': 'anthropic/claude-sonnet-4.6',
  'openrouter-responses': 'openai/gpt-5.6',
  'vercel-anthropic': 'anthropic/claude-sonnet-4.6',
  'vercel-gateway': 'anthropic/claude-sonnet-4.6',
  'vercel-responses': 'openai/gpt-5.6',
  vertex: 'gemini-3-flash-preview',
  'vertex-anthropic': 'claude-sonnet-4-6',
  'vertex-compat': 'google/gemini-3-flash-preview',
  'workers-ai': '@cf/openai/gpt-oss-120b',
  'workers-ai-binding': '@cf/openai/gpt-oss-120b',
  xai: 'grok-4.5',
  'xai-chat': 'grok-4.5',
  zai: 'glm-5.3',
}

/** The model to check with a preset; any name where the model makes no difference. */
export function modelOf(preset: PresetName): string {
  return models[preset] ?? 'model'
}
