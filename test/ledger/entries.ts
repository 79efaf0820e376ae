/** Reservations and charges, short. */
import type { KeyLimits } from '../../src/keys/limits.ts'
import type { Charge, Estimate, Reservation } from '../../src/ledger/protocol.ts'

/** 2026-11-25, a Wednesday, 12:00 UTC. */
export const noon = Date.UTC(2026, 10, 25, 12)

export function reservation(
  id: string,
  limits: KeyLimits,
  { model = 'm', ...estimate }: Partial<Estimate> & { model?: string } = {},
): Reservation {
  return {
    id,
    kind: 'messages',
    model,
    names: [model],
    limits,
    version: 0,
    isOwn: false,
    estimate: { input: 0, output: 0, inputCost: 0, outputCost: 0, ...estimate },
  }
}

export function charge(
  id: string,
  { input = 0, output = 0, ...rest }: Partial<Charge> & { input?: number; output?: number } = {},
): Charge {
  return {
    id,
    kind: 'messages',
    at: noon,
    model: 'm',
    provider: 'p',
    sent: true,
    usage: { input, output, cacheRead: 0, cacheWrite: 0, thinking: 0 },
    cost: 0,
    estimated: false,
    adaptations: 0,
    error: undefined,
    lastFour: undefined,
    session: undefined,
    agent: undefined,
    ...rest,
  }
}
