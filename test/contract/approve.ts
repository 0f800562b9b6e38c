// `npm run contract`: what the API promises now is what clients may rely on from now on. Refuses where that breaks what they relied on before, unless
// `--break` says that it is meant; then CHANGELOG.md says so too.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { breaksOf, type Contract, reduced } from './breaks.ts'
import { describedApi } from './describedApi.ts'

const file = new URL('./approved.json', import.meta.url)
const now = reduced(await describedApi())
const breaks = existsSync(file) ? breaksOf(JSON.parse(readFileSync(file, 'utf8')) as Contract, now) : []
for (const one of breaks) console.error(one)
if (breaks.length > 0 && !process.argv.includes('--break')) process.exit(1)
// A line for each field, so that a change shows as what it is.
const lines = Object.entries(now).map(([name, { takes, answers }]) => {
  const rows = (fields: object) => Object.entries(fields).map(([path, field]) => `      ${JSON.stringify(path)}: ${JSON.stringify(field)}`)
  const block = (fields: object) => (rows(fields).length === 0 ? '{}' : `{\n${rows(fields).join(',\n')}\n    }`)
  const statuses = Object.entries(answers).map(([status, fields]) => `    ${JSON.stringify(status)}: ${block(fields)}`)
  return `  ${JSON.stringify(name)}: {\n    "takes": ${block(takes)},\n    "answers": {${statuses.length === 0 ? '' : `\n${statuses.join(',\n')}\n    `}}\n  }`
})
writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`)
console.log(`${Object.keys(now).length} operations approved`)
