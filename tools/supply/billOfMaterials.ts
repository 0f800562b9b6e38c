import { createHash } from 'node:crypto'
import { type LockFile, type Shipped, shippedPackages, usesOf } from './shippedPackages.ts'

export type Product = Readonly<{ name: string; version: string; license: string; description: string }>

/** The bill of materials of what ships, as CycloneDX 1.6 has it. The same lock gives the same bytes, so no time is in it. */
export function billOfMaterials(lock: LockFile, product: Product) {
  const packages = shippedPackages(lock)
  const ref = `${product.name}@${product.version}`
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([product, lock]))}`,
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'pre-build' }],
      component: {
        type: 'application',
        'bom-ref': ref,
        name: product.name,
        version: product.version,
        description: product.description,
        licenses: [{ license: { id: product.license } }],
        purl: purlOf(product.name, product.version),
      },
    },
    components: packages.map(componentOf),
    dependencies: [
      { ref, dependsOn: [...new Set(usesOf(lock, ''))].sort() },
      ...packages.map(({ id, uses }) => ({ ref: id, dependsOn: uses })),
    ],
  }
}

function componentOf({ id, name, version, integrity, licence, required }: Shipped) {
  return {
    type: 'library',
    'bom-ref': id,
    name,
    version,
    scope: required ? 'required' : 'optional',
    hashes: integrity === undefined ? [] : [{ alg: 'SHA-512', content: hexOf(id, integrity) }],
    licenses: licence === undefined ? [] : [licence.includes(' ') ? { expression: licence } : { license: { id: licence } }],
    purl: purlOf(name, version),
  }
}

/** The lock's `sha512-<base64>` as hex; throws for any weaker hash. */
function hexOf(id: string, integrity: string): string {
  const sha512 = /^sha512-([A-Za-z0-9+/]{86}==)$/.exec(integrity)
  if (!sha512) throw new Error(`${id} has the hash ${integrity}, not one of SHA-512`)
  return Buffer.from(sha512[1]!, 'base64').toString('hex')
}

function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`
}

/** A UUID of version 8 (RFC 9562) out of what the bill is made of. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
