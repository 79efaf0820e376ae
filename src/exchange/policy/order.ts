/**
 * The order in which targets are tried: by priority, then by weight, and always the same for one
 * conversation, since providers cache its prompt. Pure.
 */

/** What the order of targets depends on. */
export interface RankedTarget {
  /** A unique name, the same in every isolate. */
  name: string
  /** Lower is tried first; 0 by default. */
  priority?: number | undefined
  /** Share of the conversations among targets of one priority; 1 by default. */
  weight?: number | undefined
}

/**
 * Orders the targets for one conversation. Targets of one priority keep their order, unless one of
 * them has a weight. Removing a weighted target moves only its own conversations (weighted
 * rendezvous hashing).
 */
export function orderTargets<Target extends RankedTarget>(
  targets: readonly Target[],
  conversation: string,
): Target[] {
  if (targets.length < 2) {
    return [...targets]
  }
  const groups = new Map<number, Target[]>()
  for (const target of targets) {
    const priority = target.priority ?? 0
    groups.set(priority, [...(groups.get(priority) ?? []), target])
  }
  return [...groups.entries()]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([, group]) =>
      group.some(({ weight }) => weight !== undefined)
        ? spread(
            group,
            conversation,
            ({ name }) => name,
            ({ weight = 1 }) => weight,
          )
        : group,
    )
}

/**
 * Orders items of equal priority for one conversation, each first for its share of the
 * conversations.
 */
export function spread<Target>(
  targets: readonly Target[],
  conversation: string,
  toName: (target: Target) => string,
  toWeight: (target: Target) => number = () => 1,
): Target[] {
  if (targets.length < 2) {
    return [...targets]
  }
  return targets
    .map((target) => {
      const fraction = toFraction(`${conversation}\n${toName(target)}`)
      return { target, score: -toWeight(target) / Math.log(fraction) }
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ target }) => target)
}

/**
 * Hashes text to a number between 0 and 1, both exclusive, evenly distributed: FNV-1a with the
 * finalizer of MurmurHash3 for its high bits.
 */
function toFraction(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 2 ** 32
}
