import { coversEveryModel } from './model-patterns';
import type { ApiAccess } from './store-access';
import { ROUTES, type Permission, type Route } from '../contract/routes';

/** Returns the resource of `execute-api:Invoke` for one route. Path parameters other than the model match any value. */
export function routeArn(api: ApiAccess, { method, path }: Route, modelPattern: string): string {
  const resource = path.replace('{model}', modelPattern).replace(/\{[^}]+\}/g, '*');
  return api.restApi.arnForExecuteApi(method, resource, api.stageName);
}

/**
 * Returns the resources of `execute-api:Invoke` for one permission: method and path of each of its routes, with the
 * model pattern in the path. Routes without a model that answer about models are included only if the patterns cover
 * every model.
 */
export function routeArns(api: ApiAccess, permission: Permission, patterns: readonly string[]): string[] {
  const routes: Route[] = Object.values<Route>(ROUTES).filter((route) => route.permission === permission);
  return routes.flatMap((route) => {
    const aboutOneModel = route.path.includes('{model}');
    if (!aboutOneModel && !route.aboutTheStore && !coversEveryModel(patterns)) {
      return [];
    }
    return (aboutOneModel ? patterns : ['*']).map((pattern) => routeArn(api, route, pattern));
  });
}
