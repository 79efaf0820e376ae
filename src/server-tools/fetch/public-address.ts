/** Whether an address is on the public internet (IANA's registries of special-purpose addresses). Pure. */

/** First address and prefix length of IPv4 blocks that are not public: https://www.iana.org/assignments/iana-ipv4-special-registry */
const specialBlocks: readonly (readonly [first: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** `address`: IPv4 in dotted form, or IPv6. False for anything else. */
export function isPublicAddress(address: string): boolean {
  if (address.includes(':')) {
    return isPublicIpv6(address)
  }
  const value = toNumber(address)
  return (
    value !== undefined &&
    !specialBlocks.some(([first, bits]) => {
      const size = 2 ** (32 - bits)
      return Math.floor(value / size) === Math.floor((toNumber(first) ?? 0) / size)
    })
  )
}

function toNumber(address: string): number | undefined {
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number)
  return octets === undefined || octets.some((octet) => octet > 255)
    ? undefined
    : octets.reduce((value, octet) => value * 256 + octet, 0)
}

/**
 * Only global unicast (2000::/3), and of that no block that contains other addresses or is for documents:
 * 2001::/23 (Teredo and the like), 2001:db8::/32, 2002::/16 (6to4), 3fff::/20.
 */
function isPublicIpv6(address: string): boolean {
  const groups = toGroups(address)
  if (groups === undefined) {
    return false
  }
  const [first = 0, second = 0] = groups
  const isGlobal = first >= 0x2000 && first <= 0x3fff
  const isSpecial =
    (first === 0x2001 && (second < 0x200 || second === 0xdb8)) ||
    first === 0x2002 ||
    (first === 0x3fff && second < 0x1000)
  return isGlobal && !isSpecial
}

/** The eight groups of an IPv6 address; the platform's URL parser knows all ways to write one. */
function toGroups(address: string): number[] | undefined {
  const host = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1)
  if (host === undefined) {
    return undefined
  }
  const [head = '', tail] = host.split('::')
  const [before, after] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')))
  const length = tail === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0)
  const zeros = Array.from({ length }, () => '0')
  return [...(before ?? []), ...zeros, ...(after ?? [])].map((group) => Number.parseInt(group, 16))
}
