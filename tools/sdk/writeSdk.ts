// `npm run sdk`: writes the generated half of both clients anew. An operation without a name gets one proposed first; better it in tools/sdk/names.ts.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describedApi } from '../../test/contract/describedApi.ts'
import type { Description } from './model.ts'
import { NAMES } from './names.ts'
import { proposedNames, withRows } from './proposedNames.ts'
import { GENERATED, sdkFiles } from './sdkFiles.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const NAMES_FILE = join(import.meta.dirname, 'names.ts')

const description = (await describedApi()) as Description // The same document; each reads of it what it needs.
const proposed = proposedNames(description, NAMES)
for (const [id, name] of Object.entries(proposed))
  console.log(`${id} is ${name} from now on; if you know a better name: tools/sdk/names.ts`)
writeFileSync(NAMES_FILE, withRows(readFileSync(NAMES_FILE, 'utf8'), proposed))

for (const folder of GENERATED)
  for (const name of readdirSync(join(ROOT, folder))) if (name !== 'README.md') rmSync(join(ROOT, folder, name))
const files = Object.entries(sdkFiles(description, { ...NAMES, ...proposed }))
for (const [path, text] of files) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true })
  writeFileSync(join(ROOT, path), text)
}
console.log(`${files.length} files written`)
