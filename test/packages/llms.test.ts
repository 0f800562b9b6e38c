import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readManifests } from '../../tools/packages/manifest.ts'

const ROOT = join(import.meta.dirname, '../..')
const manifests = readManifests(ROOT)
const pages = ['llms.txt', ...manifests.map(({ folder }) => join(folder, 'llms.txt'))]

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8')

  test('has the shape that llmstxt.org gives such a file: a title, a summary, lists of links', () => {
    expect(text).toMatch(/^# \S.*\n\n> \S/)
    expect(text).toMatch(/^## \S.*\n- \[/m)
  })

  test('links to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link!)
    expect(links.length).toBeGreaterThan(0)
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([])
  })

  test('names only commands and entries that there are', () => {
    const scripts: Record<string, unknown> = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts
    const ran = [...text.matchAll(/`npm run ([\w:]+)/g)].map(([, script]) => script!)
    expect(ran.filter((script) => !(script in scripts))).toEqual([])
    const commands = manifests.flatMap(({ bin }) => Object.keys(bin ?? {}))
    expect([...text.matchAll(/`npx ([\w-]+)/g)].map(([, command]) => command!).filter((command) => !commands.includes(command))).toEqual([])
    const entries = manifests.flatMap(({ name, exports }) => Object.keys(exports).map((path) => join(name, path)))
    const imported = [...text.matchAll(/from '(switchyard-[\w/-]+)'/g)].map(([, entry]) => entry!)
    expect(imported.filter((entry) => !entries.includes(entry))).toEqual([])
  })
})

test('the five commands and every page for sellers, payers and agents are on the first of them', () => {
  const text = readFileSync(join(ROOT, 'llms.txt'), 'utf8')
  expect(text.match(/^- `npm /gm)).toHaveLength(5)
  const example = readdirSync(join(ROOT, 'docs')).filter((name) =>
    ['agents.md', 'sellers.md', 'errors.md', 'configuration.md'].includes(name),
  )
  expect(example.filter((name) => !text.includes(`(docs/${name})`))).toEqual([])
})
