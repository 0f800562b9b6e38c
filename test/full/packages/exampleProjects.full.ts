import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyExample, INSTALL_MS_MAX, OUR_NODE, openProjects, runTypeScript } from './emptyProjects.ts'

let projects: ReturnType<typeof openProjects>
beforeAll(() => {
  projects = openProjects()
}, INSTALL_MS_MAX)
afterAll(() => projects?.remove(), INSTALL_MS_MAX)

function run(project: string, command: string, ...words: string[]): string {
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' }
  const { file, flags } = OUR_NODE
  return execFileSync(file, [...flags, join('node_modules', command), ...words], { cwd: project, env, encoding: 'utf8' })
}

test('a Hardhat project deploys the hub, pays a split and withdraws', { timeout: INSTALL_MS_MAX }, () => {
  const project = projects.install('hardhat', 'switchyard-contracts', 'hardhat@3.18.0', 'viem@2.57.1', '@types/node@24')
  copyExample('hardhat', project)
  for (const resolution of ['nodenext', 'bundler'] as const) runTypeScript(project, ['split.ts', 'hardhat.config.ts'], { resolution })
  expect(run(project, 'hardhat/dist/src/cli.js', 'run', '--no-compile', 'split.ts')).toContain("{ author: '6', editor: '3' }")
})

test('a vitest project tests its own paid route in a yard', { timeout: INSTALL_MS_MAX }, () => {
  const ours = ['switchyard-client', 'switchyard-dev', 'switchyard-seller']
  const project = projects.install('vitest', ...ours, 'vitest@5.1.1', 'viem@2.57.1', '@types/node@24')
  copyExample('vitest', project)
  runTypeScript(project, ['shop.ts', 'shop.test.ts'], { resolution: 'bundler' })
  expect(run(project, 'vitest/vitest.mjs', 'run')).toMatch(/Tests +2 passed/)
})
