using Slipway.Aws.EventBridge;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.EventBridge;

/// <summary>Rules, by event pattern and by schedule: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html</summary>
internal sealed class Rules(Database database, RuleTable rules, EventSignal signal, TimeProvider time)
{
    private const int DefaultPage = 50;

    public PutRule.Response Put(PutRule request, Caller caller)
    {
        RuleTable.RequireBus(request.EventBusName);
        if (request is { EventPattern: null or "", ScheduleExpression: null or "" })
        {
            throw AwsErrors.Validation("Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }

        if (request.EventPattern is { Length: > 0 } pattern)
        {
            EventPattern.Parse(pattern);
        }

        var arn = caller.Arn("events", "rule/" + request.Name);
        Change(() =>
        {
            var old = rules.Find(request.Name);
            if (old is not null && request.Tags is { Count: > 0 })
            {
                // AWS leaves the tags of a rule that is there as they are
                throw AwsErrors.Validation("Tags can't be given for a rule that exists. Use TagResource.");
            }

            rules.Put(new StoredRule(
                request.Name, arn, Given(request.EventPattern), Given(request.ScheduleExpression), request.State ?? StoredRule.Enabled, request.Description, request.RoleArn,
                caller.AccountId, old?.Targets ?? [], old?.Tags ?? Merge([], request.Tags ?? []), null).Scheduled(time.GetUtcNow()));
        });
        return new(arn);
    }

    public DescribeRule.Response Describe(DescribeRule request)
    {
        RuleTable.RequireBus(request.EventBusName);
        var rule = rules.Require(request.Name);
        return new(rule.Name, rule.Arn, rule.EventPattern, rule.ScheduleExpression, rule.State, rule.Description, rule.RoleArn, RuleTable.DefaultBus, rule.CreatedBy);
    }

    public ListRules.Response List(ListRules request)
    {
        RuleTable.RequireBus(request.EventBusName);
        var found = rules.All().Where(r => r.Name.StartsWith(request.NamePrefix ?? "", StringComparison.Ordinal));
        var page = Page.Of(found, r => r.Name, request.NextToken, request.Limit ?? DefaultPage);
        return new(
            [.. page.Items.Select(r => new Rule(r.Name, r.Arn, r.EventPattern, r.State, r.Description, r.ScheduleExpression, r.RoleArn, RuleTable.DefaultBus))], page.NextToken);
    }

    public void Delete(DeleteRule request)
    {
        RuleTable.RequireBus(request.EventBusName);
        Change(() =>
        {
            if (rules.Find(request.Name) is { Targets.Count: > 0 })
            {
                throw AwsErrors.Validation("Rule can't be deleted since it has targets.");
            }

            rules.Delete(request.Name);
        });
    }

    public void Enable(EnableRule request) => SetState(request.Name, request.EventBusName, StoredRule.Enabled);

    public void Disable(DisableRule request) => SetState(request.Name, request.EventBusName, StoredRule.Disabled);

    public void Tag(TagResource request) => Retag(request.ResourceARN, tags => Merge(tags, request.Tags));

    public void Untag(UntagResource request) => Retag(request.ResourceARN, tags => [.. tags.Where(t => !request.TagKeys.Contains(t.Key))]);

    public ListTagsForResource.Response ListTags(ListTagsForResource request) => new(ByArn(request.ResourceARN).Tags);

    private static string? Given(string? text) => text is { Length: > 0 } ? text : null;

    private static List<Tag> Merge(IReadOnlyList<Tag> old, IReadOnlyList<Tag> more) =>
        [.. old.Concat(more).GroupBy(t => t.Key).Select(g => g.Last()).OrderBy(t => t.Key, StringComparer.Ordinal)];

    private StoredRule ByArn(string arn) => rules.All().FirstOrDefault(r => r.Arn == arn) ?? throw RuleTable.NotFound($"Rule {arn} does not exist.");

    private void SetState(string name, string? bus, string state)
    {
        RuleTable.RequireBus(bus);
        Change(() => rules.Put((rules.Require(name) with { State = state }).Scheduled(time.GetUtcNow())));
    }

    private void Retag(string arn, Func<IReadOnlyList<Tag>, IReadOnlyList<Tag>> change) => Change(() =>
    {
        var rule = ByArn(arn);
        rules.Put(rule with { Tags = change(rule.Tags) });
    });

    private void Change(Action change)
    {
        database.Write(_ => change());
        signal.Wake();
    }
}
