/**
 * Hosts that serve Claude for Anthropic: they take its signatures and its protocol, but not what
 * Anthropic's own servers do around the model. What they do not know they reject, InvokeModel without
 * naming it (`invalid beta flag`, https://github.com/anthropics/claude-code/issues/49648), Vertex AI by
 * name (`diagnostics: Extra inputs are not permitted`,
 * https://github.com/anthropics/claude-code/issues/82539).
 */
import type { AnthropicQuirks } from '../dialects/anthropic/quirks.ts'

/** What Claude Code sends for Anthropic's own servers. */
const fields = [
  'betas',
  'billing_policy',
  'diagnostics',
  'fallback_credit_token',
  'fallbacks',
  'safeguards',
  'speed',
]

/** Betas of clients, and of parts of the API that other hosts do not have. */
const betas = [
  'claude-code-20250219',
  'oauth-2025-04-20',
  'prompt-caching-scope-2026-01-05',
  'advisor-tool-2026-03-01',
  'code-execution-2025-05-22',
  'code-execution-2025-08-25',
  'fast-mode-2026-02-01',
  'files-api-2025-04-14',
  'mcp-client-2025-04-04',
  'mcp-client-2025-11-20',
  'server-side-fallback-2026-06-01',
  'server-side-fallback-2026-07-01',
  'skills-2025-10-02',
  'web-fetch-2025-09-10',
]

/** Quirks of such a host, with further betas that it rejects. */
export function claudeHost(moreBetas: readonly string[] = []): Partial<AnthropicQuirks> {
  return { unsigned_thinking: false, omit_fields: fields, omit_betas: [...betas, ...moreBetas] }
}
