using Slipway.Aws.EventBridge;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.EventBridge;

/// <summary>What rules hand their events to: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html</summary>
internal sealed class RuleTargets(Database database, RuleTable rules)
{
    private const int MostTargets = 5;
    private const int DefaultPage = 50;

    public PutTargets.Response Put(PutTargets request) => database.Write(_ =>
    {
        RuleTable.RequireBus(request.EventBusName);
        var rule = rules.Require(request.Rule);
        foreach (var target in request.Targets)
        {
            TargetCalls.Check(target);
            TargetInput.Check(target);
        }

        var targets = rule.Targets.Concat(request.Targets).GroupBy(t => t.Id).Select(g => g.Last()).OrderBy(t => t.Id, StringComparer.Ordinal).ToList();
        if (targets.Count > MostTargets)
        {
            throw new AwsException("LimitExceededException", System.Net.HttpStatusCode.BadRequest, "The requested resource exceeds the maximum number allowed.");
        }

        rules.Put(rule with { Targets = targets });
        return new PutTargets.Response(0, []);
    });

    public RemoveTargets.Response Remove(RemoveTargets request) => database.Write(_ =>
    {
        RuleTable.RequireBus(request.EventBusName);
        var rule = rules.Require(request.Rule);
        rules.Put(rule with { Targets = [.. rule.Targets.Where(t => !request.Ids.Contains(t.Id))] });
        var absent = request.Ids.Where(id => rule.Targets.All(t => t.Id != id))
            .Select(id => new FailedTarget(id, "ResourceNotFoundException", $"Rule {rule.Name} does not have target(s) with Id(s) {id} in EventBus {RuleTable.DefaultBus}.")).ToList();
        return new RemoveTargets.Response(absent.Count, absent);
    });

    public ListTargetsByRule.Response List(ListTargetsByRule request)
    {
        RuleTable.RequireBus(request.EventBusName);
        var page = Page.Of(rules.Require(request.Rule).Targets, t => t.Id, request.NextToken, request.Limit ?? DefaultPage);
        return new([.. page.Items], page.NextToken);
    }

    public ListRuleNamesByTarget.Response ListRules(ListRuleNamesByTarget request)
    {
        RuleTable.RequireBus(request.EventBusName);
        var found = rules.All().Where(r => r.Targets.Any(t => t.Arn == request.TargetArn)).Select(r => r.Name);
        var page = Page.Of(found, n => n, request.NextToken, request.Limit ?? DefaultPage);
        return new([.. page.Items], page.NextToken);
    }
}
