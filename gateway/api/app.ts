import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { withPromises } from './contract/describe.ts'
import { withComponents } from './contract/wholeDocument.ts'
import { dashboardRoutes } from './dashboard/dashboardRoutes.ts'
import { serveDocuments } from './discovery/ownDocuments.ts'
import { addAdmission } from './http/admit.ts'
import { answerDurable } from './http/answerDurable.ts'
import { addApiVersion } from './http/apiVersion.ts'
import type { Faces } from './http/faces.ts'
import { describedAt, describeRoute } from './http/openApi.ts'
import { requireOwnHost } from './http/ownHost.ts'
import { problemAnswers } from './http/problem.ts'
import { claimPageRoutes } from './pages/claimPages.ts'
import { invoicePageRoutes } from './pages/invoicePages.ts'
import { linkPageRoutes } from './pages/linkPages.ts'
import { payPageRoutes } from './pages/payPages.ts'
import { receiptPageRoutes } from './pages/receiptPages.ts'
import { referenceRoutes } from './reference/referenceRoutes.ts'
import { accountingRoutes } from './routes/accounting.ts'
import { actRoutes } from './routes/acts.ts'
import { admissionRoutes } from './routes/admissions.ts'
import { approvalRoutes } from './routes/approvals.ts'
import { auditRoutes } from './routes/audit.ts'
import { balanceSheetRoutes } from './routes/balanceSheet.ts'
import { deviceCodeRoutes } from './routes/deviceCodes.ts'
import { discoveryRoutes } from './routes/discovery.ts'
import { disputeRoutes } from './routes/disputes.ts'
import { eventRoutes } from './routes/events.ts'
import { exchangeRoutes } from './routes/exchanges.ts'
import { facilitatorRoutes } from './routes/facilitator.ts'
import { giveRefundRoutes } from './routes/giveRefund.ts'
import { intentRoutes } from './routes/intents.ts'
import { invoiceRoutes } from './routes/invoices.ts'
import { keyRoutes } from './routes/keys.ts'
import { ledgerRoutes } from './routes/ledger.ts'
import { lightningRoutes } from './routes/lightning.ts'
import { listingRoutes } from './routes/listings.ts'
import { operationRoutes } from './routes/operations.ts'
import { ownedAgentRoutes } from './routes/ownedAgents.ts'
import { partyRoutes } from './routes/parties.ts'
import { paymentLinkRoutes } from './routes/paymentLinks.ts'
import { paymentListRoutes, paymentRoutes } from './routes/payments.ts'
import { payoutBatchRoutes } from './routes/payoutBatches.ts'
import { payoutRoutes } from './routes/payouts.ts'
import { planRoutes } from './routes/plans.ts'
import { profitRoutes } from './routes/profit.ts'
import { quoteRoutes } from './routes/quotes.ts'
import { reconciliationRoutes } from './routes/reconciliation.ts'
import { refundListRoutes } from './routes/refundList.ts'
import { refundRoutes } from './routes/refunds.ts'
import { routingRoutes } from './routes/routing.ts'
import { searchRoutes } from './routes/search.ts'
import { splitRoutes } from './routes/splits.ts'
import { standingOrderRoutes } from './routes/standingOrders.ts'
import { statementRoutes } from './routes/statements.ts'
import { subscriptionRoutes } from './routes/subscriptions.ts'
import { suspenseRoutes } from './routes/suspense.ts'
import { testClockRoutes } from './routes/testClock.ts'
import { verificationRoutes } from './routes/verification.ts'
import { voucherChannelRoutes } from './routes/voucherChannels.ts'
import { webhookEndpointRoutes } from './routes/webhookEndpoints.ts'
import { withdrawalRoutes } from './routes/withdrawals.ts'
import { lightningAddressRoutes } from './walletRoutes/lightningAddresses.ts'
import { lnurlRoutes } from './walletRoutes/lnurl.ts'
import { lnurlPayRoutes } from './walletRoutes/lnurlPay.ts'
import { loginRoutes } from './walletRoutes/logins.ts'
import { walletAppRoutes } from './walletRoutes/walletApps.ts'
import { withdrawLinkRoutes } from './walletRoutes/withdrawLinks.ts'

const BODY_BYTES_MAX = 65_536
const HEADERS_BYTES_MAX = 32_768
/** A client that sends its request more slowly than this is let go. */
const REQUEST_MS_MAX = 30_000

/** Where a line for each request goes, and what nobody expected. */
type RequestLog = Readonly<{ info: (fields: object, line: string) => void; error: (line: string) => void }>

type AppOptions = Readonly<{
  /** How payers reach it, when not by its address. */
  publicUrl?: string | undefined
  /** Addresses or networks; only what comes from one of them says in X-Forwarded-For for whom it asks. */
  trustedProxies?: readonly string[]
  log?: RequestLog | undefined
}>

/** A Fastify app with the limits, the checks and the errors of this gateway, and no routes. */
export function newApp(o: AppOptions = {}): FastifyInstance {
  const problems = problemAnswers({ errorLog: (line) => (o.log ? o.log.error(line) : process.stderr.write(`${line}\n`)) })
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    logger: false,
    trustProxy: o.trustedProxies && o.trustedProxies.length > 0 ? [...o.trustedProxies] : false,
    // Of two headers of one name Node would keep the first and drop the other in silence: joined, they are seen and refused.
    http: { maxHeaderSize: HEADERS_BYTES_MAX, joinDuplicateHeaders: true },
    requestIdHeader: false,
    genReqId: requestIds(),
    frameworkErrors: problems.onError,
    clientErrorHandler: problems.onBrokenRequest,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(problems.onError)
  app.setNotFoundHandler(problems.onNotFound)
  const ownHost = requireOwnHost(o.publicUrl)
  app.addHook('onRequest', async (request) => ownHost(request))
  const { log } = o
  if (log) {
    app.addHook('onResponse', async (request, reply) => {
      // The route and not the path: links and logins have what opens them in their path.
      const { url: route = 'none' } = request.routeOptions
      const ms = Math.round(reply.elapsedTime) // not money: a time
      log.info({ request: request.id, method: request.method, route, status: reply.statusCode, ms }, 'request')
    })
  }
  return app
}

/** The API under /v1 with its OpenAPI 3.1 description at /openapi.json, and what its priced routes cost. */
export async function addApi(app: FastifyInstance, faces: Faces): Promise<void> {
  addAdmission(app, faces)
  addApiVersion(app)
  await app.register(swagger, {
    openapi: describedAt(faces.callers.publicUrl),
    transform: withPromises(describeRoute),
    transformObject: withComponents,
  })
  await app.register(async (api) => {
    answerDurable(api, faces.ledger.books)
    for (const routes of resources(app, faces)) await api.register(routes)
  })
  // What these answer, and priced routes, is durable by itself.
  await app.register(admissionRoutes(faces))
  serveDocuments(app, faces, { publicUrl: () => faces.callers.publicUrl, describe: () => app.swagger() })
}

/** The resources under `/v1`, and the pages beside them. */
function resources(app: FastifyInstance, faces: Faces): FastifyPluginAsync[] {
  return [
    partyRoutes(faces),
    keyRoutes(faces),
    actRoutes(faces),
    ownedAgentRoutes(faces),
    deviceCodeRoutes(faces),
    standingOrderRoutes(faces),
    approvalRoutes(faces),
    statementRoutes(faces),
    accountingRoutes(faces),
    profitRoutes(faces),
    splitRoutes(faces),
    voucherChannelRoutes(faces),
    intentRoutes(faces),
    paymentLinkRoutes(faces),
    invoiceRoutes(faces),
    planRoutes(faces),
    subscriptionRoutes(faces),
    paymentRoutes(faces),
    paymentListRoutes(faces),
    listingRoutes(faces),
    facilitatorRoutes(faces),
    discoveryRoutes(faces),
    payPageRoutes(faces),
    linkPageRoutes(faces),
    invoicePageRoutes(faces),
    receiptPageRoutes(faces),
    claimPageRoutes(faces),
    referenceRoutes(faces, () => app.swagger()),
    dashboardRoutes(faces),
    exchangeRoutes(faces),
    payoutRoutes(faces),
    payoutBatchRoutes(faces),
    quoteRoutes(faces),
    routingRoutes(faces),
    refundRoutes(faces),
    giveRefundRoutes(faces),
    refundListRoutes(faces),
    disputeRoutes(faces),
    operationRoutes(faces),
    searchRoutes(faces),
    suspenseRoutes(faces),
    reconciliationRoutes(faces),
    verificationRoutes(faces),
    ledgerRoutes(faces),
    balanceSheetRoutes(faces),
    auditRoutes(faces),
    eventRoutes(faces),
    webhookEndpointRoutes(faces),
    lightningRoutes(faces),
    withdrawalRoutes(faces),
    lightningAddressRoutes(faces),
    withdrawLinkRoutes(faces),
    loginRoutes(faces),
    walletAppRoutes(faces),
    lnurlPayRoutes(faces),
    lnurlRoutes(faces),
    ...(faces.testMode ? [testClockRoutes(faces, faces.testMode.clock)] : []),
  ]
}

/** Short ids, unique in this process, that connect an answer with the log. */
function requestIds(): () => string {
  const start = Date.now().toString(36)
  let n = 0
  return () => `req_${start}_${(n++).toString(36)}`
}
