import { Names, Token } from 'aws-cdk-lib';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Problems } from '../common/problems';

/**
 * A channel of Slack.
 */
export interface SlackChannelOptions {
  /**
   * Id of the workspace, such as `T0123ABCD`. It has to be authorized in the console of AWS Chatbot once by hand.
   */
  readonly workspaceId: string;

  /**
   * Id of the channel, such as `C0123ABCD`: the end of its link. In a private channel, invite the app first (`/invite @Amazon Q`).
   */
  readonly channelId: string;
}

/**
 * A channel of Microsoft Teams.
 */
export interface TeamsChannelOptions {
  /**
   * Id of the tenant, a UUID. It has to be authorized in the console of AWS Chatbot once by hand.
   */
  readonly tenantId: string;

  /**
   * Id of the team, a UUID.
   */
  readonly teamId: string;

  /**
   * Id of the channel as its link has it, such as `19%3Aab12%40thread.tacv2`.
   */
  readonly channelId: string;
}

/** What a channel is made with. */
export interface ChannelContext {
  readonly topic: sns.ITopic;
  readonly role: iam.IRole;
  readonly guardrail: iam.IManagedPolicy;
}

/**
 * A chat room that alarms are shown in.
 *
 * People in it can look at metrics and alarms there and do nothing else: the channel's role and its guardrail allow no more.
 * Without a guardrail, AWS Chatbot would take AdministratorAccess:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-chatbot-slackchannelconfiguration.html
 */
export class NotificationChannel {
  /**
   * A channel of Slack.
   *
   * @param options which channel, of which workspace
   */
  public static slack(options: SlackChannelOptions): NotificationChannel {
    const { workspaceId, channelId } = options;
    return new NotificationChannel({
      check: (problems, at) => {
        checkId(problems, `${at}: workspaceId`, workspaceId, /^[0-9A-Z]{1,255}$/, 'letters A to Z and digits, such as T0123ABCD');
        checkId(problems, `${at}: channelId`, channelId, /^[A-Za-z0-9]{1,255}$/, 'letters and digits, such as C0123ABCD, not the name of the channel');
      },
      bind: (scope, id, { topic, role, guardrail }) => new chatbot.CfnSlackChannelConfiguration(scope, id, {
        ...common(scope, id, role, guardrail, topic), slackWorkspaceId: workspaceId, slackChannelId: channelId,
      }),
    });
  }

  /**
   * A channel of Microsoft Teams.
   *
   * @param options which channel, of which team and tenant
   */
  public static teams(options: TeamsChannelOptions): NotificationChannel {
    const { tenantId, teamId, channelId } = options;
    return new NotificationChannel({
      check: (problems, at) => {
        checkId(problems, `${at}: tenantId`, tenantId, UUID, 'a UUID');
        checkId(problems, `${at}: teamId`, teamId, UUID, 'a UUID');
        checkId(problems, `${at}: channelId`, channelId, /^[\w=+/.,-]*%3[aA][\w=+/.,-]*%40[\w=+/.,-]*$/,
          'as the channel\'s link has it, with %3A and %40, such as 19%3Aab12%40thread.tacv2');
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
    problems.add(`${property} is "${id}"; it is ${right}`);
  }
}

function common(scope: Construct, id: string, role: iam.IRole, guardrail: iam.IManagedPolicy, topic: sns.ITopic) {
  return {
    // Unique within the account.
    configurationName: `${Names.uniqueResourceName(scope, { maxLength: 100, separator: '-' })}-${id}`,
    iamRoleArn: role.roleArn,
    guardrailPolicies: [guardrail.managedPolicyArn],
    snsTopicArns: [topic.topicArn],
    // What people ask for in the channel, and what went wrong.
    loggingLevel: 'INFO',
  };
}
