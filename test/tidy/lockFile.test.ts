import { expect, test } from 'vitest'
import { lockTroubles } from './lockFile.ts'

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
