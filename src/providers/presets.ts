/** Combines the presets of all vendors. */
import type { Preset } from './preset.ts'

type Presets = Readonly<Record<string, Preset>>

/** Names of presets in a list of vendors; two vendors with a preset of the same name do not compile. */
type NamesOf<Vendors extends readonly Presets[]> = {
  [At in keyof Vendors]: keyof Vendors[At]
}[number] &
  string

/** The list itself, with `never` in place of each vendor whose preset name is already taken. */
type Distinct<Vendors extends readonly unknown[], Taken = never> = Vendors extends readonly [
  infer First,
  ...infer Rest,
]
  ? [keyof First & Taken extends never ? First : never, ...Distinct<Rest, Taken | keyof First>]
  : []

/** Returns the presets by name. */
export function toPresets<const Vendors extends readonly Presets[]>(
  vendors: Vendors & Distinct<Vendors>,
): Readonly<Record<NamesOf<Vendors>, Preset>> {
  return Object.assign({}, ...vendors)
}
