export type { AccessCheck, AccessCheckResult } from "./access.ts";
export {
  type Client,
  type ClientOptions,
  type CsvPath,
  createClient,
  type ItemOf,
  idempotencyKey,
  ifMatch,
  type ListPath,
} from "./client.ts";
export { type Hold, type NewHold, withHold } from "./hold.ts";
export { isProblem, type Problem, type ProblemCode, ProblemError } from "./problem.ts";
export type { RetryOptions } from "./retry.ts";
export type { components, operations, paths } from "./schema.ts";
export {
  type NewUsageEvent,
  type QueuedEvent,
  type RejectedEvent,
  UnsentUsageError,
  type UsageEvent,
  type UsageQueue,
  UsageQueueFullError,
  UsageRecorder,
  type UsageRecorderOptions,
} from "./usage.ts";
