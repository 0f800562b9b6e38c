// `npm run sbom`: writes sbom.cdx.json (not kept in git: it is made of the lock file, for whoever asks) and docs/licences.md (kept).
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { billOfMaterials, type Product } from './billOfMaterials.ts'
import { licencePage } from './licencePage.ts'
import { type LockFile, shippedPackages } from './shippedPackages.ts'

const root = join(import.meta.dirname, '../..')
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile // npm's own format, lockfileVersion 3.
const product = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Product // Our own manifest.

const bill = billOfMaterials(lock, product)
writeFileSync(join(root, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`)
writeFileSync(join(root, 'docs/licences.md'), licencePage(shippedPackages(lock)))
console.log(`sbom.cdx.json: ${bill.components.length} packages; docs/licences.md`)
