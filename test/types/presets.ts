/** What the compiler proves of presets: names exist, follow from the vendor's, and are unique. */
import type { PresetName } from '../../src/providers/index.ts'
import { toPresets } from '../../src/providers/presets.ts'
import { defineVendor } from '../../src/providers/vendor.ts'

export const derived: PresetName[] = ['deepseek', 'deepseek-anthropic', 'gemini-compat', 'xai']

// @ts-expect-error -- no vendor offers it
export const unknown: PresetName = 'deepseek-gemini'

const vendor = { docs: 'https://docs.example', secret: null }
const lab = defineVendor({ ...vendor, name: 'lab', protocols: { chat: {}, responses: {} } })
const taken = defineVendor({ ...vendor, name: 'lab-responses', protocols: { chat: {} } })

// @ts-expect-error -- `lab-responses` is taken
export const twice = toPresets([lab, taken])

export const wrongQuirk = defineVendor({
  ...vendor,
  name: 'wrong',
  // @ts-expect-error -- a quirk of another protocol
  protocols: { chat: { quirks: { json_schemas: true } } },
})
