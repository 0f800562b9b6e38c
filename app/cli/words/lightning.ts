import { type AddVerb, type Ends, explain, idOption, jsonOption, keyOption, type Program, urlOption } from './tree.ts'

/** `switchyard lightning`. */
export const addLightning: AddVerb = (program, ends) => {
  const lightning = program
    .command('lightning')
    .summary('the Lightning node of a running gateway')
    .description('The Lightning node of a running gateway: how it is, what can leave and arrive, what is stuck.')
  explain(lightning, { examples: ['lightning status', 'lightning withdraw --help'] })
  const views = {
    status: ['The node, its alarms, and how payments go.', 'statusText'],
    channels: ['Every channel with what can leave and arrive.', 'channelsText'],
    liquidity: ['What can leave and arrive in all, and for how long.', 'liquidityText'],
  } as const
  for (const [name, [description, text]] of Object.entries(views)) {
    const command = lightning
      .command(name)
      .description(description)
      .addOption(urlOption)
      .addOption(keyOption)
      .addOption(jsonOption)
      .action(
        ends(async (o) => {
          const work = await import('../lightning.ts')
          return work.showLightning(o, work[text])
        }),
      )
    explain(command, { examples: [`lightning ${name}`] })
  }
  addStuck(lightning, ends)
  addMovers(lightning, ends)
}

function addStuck(lightning: Program, ends: Ends): void {
  const command = lightning
    .command('stuck')
    .description('Payments that the node will not end by itself.')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../lightning.ts')).showStuck(o)))
  explain(command, { examples: ['lightning stuck'], exits: { 1: 'refused, or there are such payments' } })
}

function addMovers(lightning: Program, ends: Ends): void {
  const probe = lightning
    .command('probe')
    .description('What a payment would cost now. Nothing is sent.')
    .argument('<to>', 'an invoice, or a node’s public key')
    .argument('<msat>', 'the amount in millisatoshi')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (to, msat, o) => (await import('../lightning.ts')).probe(to, msat, o)))
  explain(probe, { examples: ['lightning probe lnbc20u1p... 2000000'], exits: { 1: 'refused, or no way was found' } })
  const withdraw = lightning
    .command('withdraw')
    .description('Sends money of the embedded node’s own wallet.')
    .argument('<address>', 'an address of its network')
    .argument('<sat>', 'the amount in satoshi, or all')
    .option('--fee-rate <rate>', 'satoshi for a virtual byte')
    .option('--max-fee <sat>', 'the most that it may cost')
    .addOption(idOption)
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (address, sat, o) => (await import('../lightningWithdraw.ts')).lightningWithdraw(address, sat, o)))
  explain(withdraw, {
    examples: ['lightning withdraw bc1q... 250000 --max-fee 2000', 'lightning withdraw bc1q... all'],
    exits: { 1: 'refused, or it failed and nothing has left', 3: 'not known yet whether it was sent; it is looked up' },
  })
}
