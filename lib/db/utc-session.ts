import type { ClientBase } from 'pg';

/**
 * Pool options that set each session's time zone to UTC before its first statement. Prisma sends instants without an offset, so
 * a server, database or role with another time zone would shift them. PgBouncer tracks this parameter for each client.
 */
export const UTC_SESSION = {
  onConnect: async (client: ClientBase): Promise<void> => {
    await client.query("set time zone 'UTC'");
  },
};
