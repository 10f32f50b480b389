import { coversEveryModel } from './model-patterns';
import type { ApiAccess } from './store-access';
import { ROUTES, type Permission, type Route } from '../contract/routes';

/** The resource of `execute-api:Invoke` for one route: whatever else the path names besides the model is left open. */
export function routeArn(api: ApiAccess, { method, path }: Route, modelPattern: string): string {
  return api.restApi.arnForExecuteApi(method, path.replace('{model}', modelPattern).replace(/\{[^}]+\}/g, '*'), api.stageName);
}

/**
 * What `execute-api:Invoke` is allowed on for one permission: method and path of each of its routes, the model pattern in
 * the path. A route about no single model is there only for those who may see every model.
 */
export function routeArns(api: ApiAccess, permission: Permission, patterns: readonly string[]): string[] {
  const routes: Route[] = Object.values<Route>(ROUTES).filter((route) => route.permission === permission);
  return routes.flatMap((route) => {
    const aboutOneModel = route.path.includes('{model}');
    if (!aboutOneModel && !coversEveryModel(patterns)) {
      return [];
    }
    return (aboutOneModel ? patterns : ['*']).map((pattern) => routeArn(api, route, pattern));
  });
}
