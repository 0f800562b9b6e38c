import type { Rule, Source } from './source.ts'
import { isWritten, lineOf, lookAt, type Node } from './syntax.ts'

const WHAT_TO_DO = 'starts a Node without NODE_FLAGS of gateway/ports/nodeFlags.ts'
const WITHOUT_FLAG = /\bnode (?!--no-memory-protection-keys\b)/

/** What tells an older Node that it is not wanted must be read by it, and an older one may not know the flag. */
const OLDER = 'postinstall'

/** Every Node that we start has the flags of `gateway/ports/nodeFlags.ts`: forks, programs, the steps of the test runner, npm's scripts, vitest's workers. */
export const nodesHaveFlags: Rule = (sources) => [
  ...sources.filter(isWritten).flatMap(startsIn),
  ...sources.filter(({ path }) => path === 'package.json').flatMap(scriptsIn),
  ...sources
    .filter(({ path, text }) => /(?:^|\/)vitest\.config\.ts$/.test(path) && !/execArgv: \[\.\.\.NODE_FLAGS\]/.test(text))
    .map(({ path }) => `${path}: ${WHAT_TO_DO}; set execArgv`),
]

const startsIn = lookAt((source) => {
  const line = lineOf(source.text)
  const found: string[] = []
  const statements: Node[] = []
  const report = (node: Node, around: Node): void => {
    if (!source.text.slice(around.start, around.end).includes('NODE_FLAGS')) found.push(`${source.path}:${line(node.start)}: ${WHAT_TO_DO}`)
  }
  return {
    enter: (node, parent) => {
      if (isStatement(node)) statements.push(node)
      if (isFork(node)) report(node, node)
      else if (isOurNode(node)) report(node, statements.at(-1) ?? node)
      else if (isNodeCommand(node, parent)) report(node, node)
    },
    leave: (node) => {
      if (statements.at(-1) === node) statements.pop()
    },
    end: () => found,
  }
})

function isStatement({ type }: Node): boolean {
  return type === 'VariableDeclaration' || type.endsWith('Statement')
}

/** `fork(...)` or `x.fork(...)`, but for one that hands on what it was given. */
function isFork(node: Node): boolean {
  if (node.type !== 'CallExpression') return false
  const callee = node.callee as Node
  const name = (callee.type === 'MemberExpression' ? (callee.property as Node) : callee).name
  const [first] = node.arguments as Node[]
  return name === 'fork' && first !== undefined && first.type !== 'SpreadElement'
}

/** `process.execPath`: the Node that runs this, to be started again. */
function isOurNode(node: Node): boolean {
  if (node.type !== 'MemberExpression') return false
  return (node.object as Node).name === 'process' && (node.property as Node).name === 'execPath'
}

/** `command: ['node', ...]` of a step of the test runner. */
function isNodeCommand(node: Node, parent: Node | undefined): boolean {
  if (node.type !== 'ArrayExpression' || parent?.type !== 'Property' || (parent.key as Node).name !== 'command') return false
  return (node.elements as (Node | null)[])[0]?.value === 'node'
}

function scriptsIn({ path, text }: Source): string[] {
  const { scripts } = JSON.parse(text) as { scripts?: Record<string, string> } // npm's own format.
  return Object.entries(scripts ?? {})
    .filter(([name, command]) => name !== OLDER && WITHOUT_FLAG.test(command))
    .map(([name]) => `${path}: the script ${name} ${WHAT_TO_DO}`)
}
