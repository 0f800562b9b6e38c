import { Option } from '@commander-js/extra-typings'
import { type AddVerb, type Ends, explain, idOption, jsonOption, keyOption, nameOf, type Program, urlOption } from './tree.ts'

const requestOption = new Option('--request-usd-max <usd>', 'what one request may cost').makeOptionMandatory()
const dayOption = new Option('--day-usd-max <usd>', 'what it may spend in a UTC day').makeOptionMandatory()
const aboveOption = new Option('--approval-above-usd <usd>', 'a person is asked for a request above it')
const payeeOption = new Option('--payee <ids...>', 'whom alone it may pay (pa_...)')
const partyOption = new Option('--party <id>', 'whose balance it spends, where an operator asks (pa_...)')
const lifeOption = new Option('--expires-in-s <seconds>', 'when it ends by itself')
const approvalOption = new Option('--approval <id>', 'what another person has agreed to it under (ap_...)')
const EXITS = { 3: 'asked for; another person must agree' }

/** `switchyard agents`. */
export const addAgents: AddVerb = (program, ends) => {
  const agents = program
    .command('agents')
    .summary('programs that spend a balance within limits')
    .description('Programs that spend a party’s balance within limits (docs/agents-owned.md).')
  explain(agents, { examples: ['agents list', 'agents create --help'] })
  addReading(agents, ends)
  addMaking(agents, ends)
}

function addReading(agents: Program, ends: Ends): void {
  const list = agents
    .command('list')
    .description('The agents of a party, and what each has left today.')
    .addOption(partyOption)
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (o) => (await import('../agents.ts')).listAgents(o)))
  explain(list, { examples: ['agents list --party pa_0198f2...'] })
  const show = agents
    .command('show')
    .description('One agent.')
    .argument('<agent>', 'ag_...')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (id, o) => (await import('../agents.ts')).showAgent(id, o)))
  explain(show, { examples: ['agents show ag_0198f2...'] })
  const revoke = agents
    .command('revoke')
    .description('Ends an agent at once and for good.')
    .argument('<agent>', 'ag_...')
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (id, o) => (await import('../agents.ts')).revokeAgent(id, o)))
  explain(revoke, { examples: ['agents revoke ag_0198f2...'] })
}

function addMaking(agents: Program, ends: Ends): void {
  const create = agents
    .command('create')
    .description('Makes an agent, and prints its key, this once.')
    .argument('<name>', 'by which people know it')
    .addOption(requestOption)
    .addOption(dayOption)
    .addOption(aboveOption)
    .addOption(payeeOption)
    .addOption(partyOption)
    .addOption(lifeOption)
    .addOption(approvalOption)
    .addOption(idOption)
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (name, o, command) => (await import('../agents.ts')).createAgent(name, o, nameOf(command))))
  explain(create, { examples: ['agents create reader --request-usd-max 0.05 --day-usd-max 2'], exits: EXITS })
  const grant = agents
    .command('grant')
    .description('Makes the program that shows a code an agent; it fetches its key.')
    .argument('<code>', 'as the program shows it, such as WDJB-MJHT')
    .requiredOption('--name <name>', 'by which people know it')
    .addOption(requestOption)
    .addOption(dayOption)
    .addOption(aboveOption)
    .addOption(payeeOption)
    .addOption(partyOption)
    .addOption(lifeOption)
    .addOption(approvalOption)
    .addOption(idOption)
    .addOption(urlOption)
    .addOption(keyOption)
    .addOption(jsonOption)
    .action(ends(async (code, o, command) => (await import('../agents.ts')).grantAgent(code, o, nameOf(command))))
  const notes = ['Grant only what you have started yourself: anybody can send a code.']
  explain(grant, {
    notes,
    examples: ['agents grant WDJB-MJHT --name reader \\\n      --request-usd-max 0.05 --day-usd-max 2'],
    exits: EXITS,
  })
}
