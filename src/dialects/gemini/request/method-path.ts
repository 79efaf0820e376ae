/** Where a model's methods are: `/models/gemini-3-flash:generateContent`. */
import type { GeminiQuirks } from '../quirks.ts'

export function toMethodPath(method: string, model: string, { model_path }: GeminiQuirks): string {
  return `${toModelPath(model, model_path)}:${method}`
}

/** The model's full name: `models/gemini-3-flash`. */
export function toModelName(model: string, { model_path }: GeminiQuirks): string {
  return toModelPath(model, model_path).slice(1)
}

/** A model that says itself where it is (`tunedModels/mine`, `endpoints/123`) is taken at its word. */
function toModelPath(model: string, prefix: string): string {
  const path = model.includes('/') ? `/${model}` : prefix + model
  return path.split('/').map(encodeURIComponent).join('/').replaceAll('%40', '@')
}
