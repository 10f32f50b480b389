export const STACK_NAME = 'ModelStore';
/** The stack of roles that the tests deploy in addition to the quickstart. */
export const GRANTS_STACK_NAME = 'ModelStoreGrants';
