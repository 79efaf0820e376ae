/** The URL path of a model's methods: `/models/gemini-3-flash:generateContent`. */
import type { GeminiQuirks } from '../quirks.ts'

/** The URL path of a method, such as `generateContent`, of a model. */
export function toMethodPath(method: string, model: string, { model_path }: GeminiQuirks): string {
  return `${toModelPath(model, model_path)}:${method}`
}

/** The model's full name: `models/gemini-3-flash`. */
export function toModelName(model: string, { model_path }: GeminiQuirks): string {
  return toModelPath(model, model_path).slice(1)
}

/**
 * The model's resource name; a model that is one already (`tunedModels/mine`, `endpoints/123`) is
 * not changed.
 */
function toModelPath(model: string, prefix: string): string {
  const path = model.includes('/') ? `/${model}` : prefix + model
  return path.split('/').map(encodeURIComponent).join('/').replaceAll('%40', '@')
}
