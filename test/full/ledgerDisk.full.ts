import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CrashPlace, crashPlace, expectWhole, killWhileSubmitting, readChild, startChild } from '../behavior/ledgerCrash.ts'

// Needs Debian's `strace`, and to be allowed to trace a child: it makes the kernel's answers to our own system calls.
const STRACE = 'strace'
/** Only the calls that fail are looked at; all others run at full speed. */
const QUIETLY = ['-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync,pwrite64']

let place: CrashPlace
beforeEach(() => {
  const found = spawnSync(STRACE, ['-V'])
  expect(found.status, 'this test needs strace: apt-get install strace').toBe(0)
  place = crashPlace()
})
afterEach(() => place.remove())

test.each([
  ['a sync that fails with EIO once', 'fsync,fdatasync:error=EIO:when=40'],
  ['a disk that fails every sync from then on', 'fsync,fdatasync:error=EIO:when=60+'],
  ['a disk that is full from then on', 'pwrite64:error=ENOSPC:when=400+'],
])(
  'after %s nothing is acknowledged, the process stops, and a start has all that was',
  async (_, fault) => {
    const before = await killWhileSubmitting(place, 500)
    const end = await readChild(startChild(place, [STRACE, ...QUIETLY, '-e', `inject=${fault}`]))
    expect(end.complaint).toContain('stopped: ')
    expect(end.afterStop).toEqual([])
    expect(end.code).toBe(3)
    await expectWhole(place, [...before, ...end.acknowledged])
    const after = await killWhileSubmitting(place, 500)
    await expectWhole(place, [...before, ...end.acknowledged, ...after])
  },
  240_000,
)
