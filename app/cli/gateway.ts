import { parseArgs } from 'node:util'
import { openLog } from '../../adapters/operatorLog/openLog.ts'
import { readConfig } from '../config/config.ts'
import { serve } from './serve.ts'
import { type Verb, WrongWords } from './verb.ts'

/** `switchyard gateway --config FILE`: one gateway process against rails that run elsewhere. Forked, it tells its parent how the start goes on. */
export const verb: Verb = {
  usage: '--config FILE          run one gateway against the rails of a configuration file',
  exits: {
    1: 'refused: what cannot be as it is configured; nothing was started',
    70: 'the journal could not be written, or another gateway leads: start it again',
  },
  async run(args) {
    const { values } = parseArgs({ args, options: { config: { type: 'string' } } })
    if (!values.config) throw new WrongWords('No configuration was named: switchyard gateway --config FILE')
    const notify = (message: object) => process.send?.(message)
    const say = process.send ? (line: string) => notify({ step: line }) : (line: string) => console.log(line)
    const server = await serve(readConfig(values.config), {
      onStep: say,
      logger: openLog(process.env.SWITCHYARD_LOG ?? 'info', { atOnce: false }),
      // Memory may be ahead of the disk: the only right thing is to end, and to replay.
      onStop: () => process.exit(70),
      ...(process.send ? { railsOpen: askParent } : {}),
    })
    notify({ ready: { url: server.url, ...(server.demo ? { demo: server.demo } : {}) } })
    if (!process.send) console.log(`ready at ${server.url}`)
    await new Promise<void>((resolve) => {
      process.once('SIGTERM', resolve)
      process.once('SIGINT', resolve)
      process.once('disconnect', resolve)
    })
    await server.close()
    process.exit(0)
  },
}

/** The parent opens a channel to our node in the local network, then lets the start go on. */
function askParent(rails: { lightningNodeId: string | undefined }): Promise<void> {
  return new Promise((resolve) => {
    process.once('message', () => resolve())
    process.send?.({ railsOpen: rails })
  })
}
