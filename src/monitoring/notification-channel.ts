import { Names, Token } from 'aws-cdk-lib';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Problems } from '../common/problems';

/** The resources that a channel is created with. */
export interface ChannelContext {
  readonly topic: sns.ITopic;
  readonly role: iam.IRole;
  readonly guardrail: iam.IManagedPolicy;
}

/**
 * A chat channel that receives alarms.
 *
 * Its members can view metrics and alarms from the channel. The channel's role and guardrail policy allow nothing else.
 * Without a guardrail policy, AWS Chatbot would apply AdministratorAccess:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-chatbot-slackchannelconfiguration.html
 */
export class NotificationChannel {
  /**
   * A Slack channel.
   *
   * @param workspaceId the ID of the workspace, such as `T0123ABCD`. Authorize the workspace once in the AWS Chatbot
   * console; this cannot be automated.
   * @param channelId the ID of the channel, such as `C0123ABCD`: the last part of the channel's URL. In a private
   * channel, invite the app first (`/invite @Amazon Q`).
   */
  public static slack(workspaceId: string, channelId: string): NotificationChannel {
    return new NotificationChannel({
      check: (problems, at) => {
        checkId(problems, `${at}: workspaceId`, workspaceId, /^[0-9A-Z]{1,255}$/,
          'the workspace ID: digits and letters A to Z, such as T0123ABCD');
        checkId(problems, `${at}: channelId`, channelId, /^[A-Za-z0-9]{1,255}$/,
          'the channel ID, such as C0123ABCD, not the channel name');
      },
      bind: (scope, id, { topic, role, guardrail }) => new chatbot.CfnSlackChannelConfiguration(scope, id, {
        ...common(scope, id, role, guardrail, topic), slackWorkspaceId: workspaceId, slackChannelId: channelId,
      }),
    });
  }

  /**
   * A Microsoft Teams channel.
   *
   * @param tenantId the ID of the tenant, a UUID. Authorize the tenant once in the AWS Chatbot console; this cannot be
   * automated.
   * @param teamId the ID of the team, a UUID
   * @param channelId the ID of the channel, URL-encoded as in the channel's URL, such as `19%3Aab12%40thread.tacv2`
   */
  public static teams(tenantId: string, teamId: string, channelId: string): NotificationChannel {
    return new NotificationChannel({
      check: (problems, at) => {
        checkId(problems, `${at}: tenantId`, tenantId, UUID, 'a UUID');
        checkId(problems, `${at}: teamId`, teamId, UUID, 'a UUID');
        checkId(problems, `${at}: channelId`, channelId, /^[\w=+/.,-]*%3[aA][\w=+/.,-]*%40[\w=+/.,-]*$/,
          'the ID from the channel\'s URL, with %3A and %40, such as 19%3Aab12%40thread.tacv2');
      },
      bind: (scope, id, { topic, role, guardrail }) => new chatbot.CfnMicrosoftTeamsChannelConfiguration(scope, id, {
        ...common(scope, id, role, guardrail, topic), teamsTenantId: tenantId, teamId, teamsChannelId: channelId,
      }),
    });
  }

  /** @internal */
  public readonly _kind: ChannelKind;

  private constructor(kind: ChannelKind) {
    this._kind = kind;
  }
}

interface ChannelKind {
  check(problems: Problems, at: string): void;
  bind(scope: Construct, id: string, context: ChannelContext): void;
}

const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

function checkId(problems: Problems, property: string, id: string, form: RegExp, right: string): void {
  if (!Token.isUnresolved(id) && !form.test(id)) {
    problems.add(`${property} is "${id}"; use ${right}`);
  }
}

function common(scope: Construct, id: string, role: iam.IRole, guardrail: iam.IManagedPolicy, topic: sns.ITopic) {
  return {
    // Must be unique within the account.
    configurationName: `${Names.uniqueResourceName(scope, { maxLength: 100, separator: '-' })}-${id}`,
    iamRoleArn: role.roleArn,
    guardrailPolicies: [guardrail.managedPolicyArn],
    snsTopicArns: [topic.topicArn],
    // Logs errors and the requests that people make in the channel.
    loggingLevel: 'INFO',
  };
}
