/** Anthropic itself: https://docs.claude.com/en/api/overview. */
import { anthropic as dialect } from '../../dialects/anthropic/index.ts'
import { definePreset } from '../provider.ts'

export const anthropic = definePreset({
  name: 'anthropic',
  dialect,
  baseUrl: 'https://api.anthropic.com',
  aiGatewayPath: 'anthropic',
  auth: 'x-api-key',
  secret: 'ANTHROPIC_API_KEY',
})
