import { expect, test } from 'vitest'
import { lockTroubles } from './lockFile.ts'

test('a platform package without an entry and a download address are reported', () => {
  const lock = {
    packages: {
      'node_modules/a': { version: '1.0.0', optionalDependencies: { '@a/linux-x64': '1.0.0', '@a/darwin-arm64': '1.0.0' } },
      'node_modules/@a/linux-x64': { version: '1.0.0', optional: true, resolved: 'https://registry.example/a.tgz' },
    },
  }
  expect(lockTroubles(lock)).toEqual([
    expect.stringContaining('node_modules/@a/darwin-arm64'),
    expect.stringContaining('node_modules/@a/linux-x64 names a download address'),
  ])
})
