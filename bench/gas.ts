// `npm run bench:gas`: measures every operation of the contracts, prints the table and writes docs/gas.md. It says what got worse; a person commits.
import { readFile, writeFile } from 'node:fs/promises'
import { readGasPage, renderGasPage } from './gas/gasPage.ts'
import { measureGas } from './gas/measureGas.ts'
import { regressions } from './gas/regressions.ts'

const PAGE = new URL('../docs/gas.md', import.meta.url)

const figures = await measureGas()
const before = readGasPage(await readFile(PAGE, 'utf8').catch(() => ''))
for (const { id, gas, target } of figures) {
  const beside = target === undefined ? '' : `target ${target.toLocaleString('en').padStart(10)}`
  console.log(`${id.padEnd(24)} ${gas.toLocaleString('en').padStart(12)}  ${beside}`)
}
await writeFile(PAGE, renderGasPage(figures))
for (const sentence of regressions(before, figures)) console.log(`changed: ${sentence}`)
