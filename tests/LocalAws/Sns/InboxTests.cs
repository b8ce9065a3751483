using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Aws.EventBridge;
using Slipway.Aws.Kms;
using Slipway.Aws.Sns;
using Slipway.Aws.Wire;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.Sns;

/// <summary>Mail, from an event to what a person reads with <c>slipway inbox</c>.</summary>
public sealed partial class InboxTests : IAsyncLifetime
{
    private const string Ann = "ann@example.com";
    private static readonly string Slipway = Command.SlipwayPath;
    private readonly LocalAwsFixture _aws = new() { RequireAuth = true };

    public ValueTask InitializeAsync() => _aws.InitializeAsync();

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task An_event_becomes_mail_for_whoever_confirmed_by_the_address_in_the_first_mail()
    {
        var topic = (await _aws.Aws.Send(new CreateTopic("approvals", new Dictionary<string, string> { ["DisplayName"] = "Modelle, größer" }))).TopicArn;
        await _aws.Aws.Send(new PutRule("mine", EventPattern: """{"source":["mine"]}"""));
        await _aws.Aws.Send(new PutTargets("mine", [new("mail", topic, InputPath: "$.detail.text")]));
        Assert.Equal("pending confirmation", (await _aws.Aws.Send(new Subscribe(topic, "email", Ann))).SubscriptionArn);
        await Confirm((await Mails(1))[0]);
        var subscription = Assert.Single((await _aws.Aws.Send(new ListSubscriptionsByTopic(topic))).Subscriptions);
        Assert.Equal((topic, "email", Ann), (subscription.SubscriptionArn[..topic.Length], subscription.Protocol, subscription.Endpoint));

        await _aws.Aws.Send(new PutEvents([new(Source: "mine", DetailType: "x", Detail: """{"text":"AUC 0.78 ≥ 0.65"}""")]));
        var mail = (await Mails(2))[1];
        Assert.Equal(("AWS Notification Message", Ann), ((string?)mail["subject"], (string?)mail["to"]));
        Assert.Equal("Modelle, größer <no-reply@sns.amazonaws.com>", (string?)mail["from"]);
        Assert.StartsWith("\"AUC 0.78 ≥ 0.65\"\n\n--\n", (string)mail["text"]!, StringComparison.Ordinal);

        using var http = new HttpClient();
        await http.GetAsync(new Uri(Address().Match((string)mail["text"]!).Value), TestContext.Current.CancellationToken);
        Assert.Empty((await _aws.Aws.Send(new ListSubscriptionsByTopic(topic))).Subscriptions);
        Assert.Contains("has ended", (string)(await Mails(3))[2]["text"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_reads_the_same_in_another_mail_program()
    {
        await Python.SkipWithout("email");
        var topic = (await _aws.Aws.Send(new CreateTopic("long"))).TopicArn;
        await _aws.Aws.Send(new Subscribe(topic, "email", Ann));
        await Confirm((await Mails(1))[0]);
        var subject = string.Concat(Enumerable.Repeat("größer als €1, 😀 ", 5));
        var text = $"tab\t, equals =, dot\n.\nfrom\nFrom here\n{new string('ä', 300)}\n{new string('x', 2_000)} \nend";
        await _aws.Aws.Send(new Publish(text, topic, Subject: subject));
        var mail = (await Mails(2))[1];
        var parsed = await Command.Run("python3", ["-c", """
            import email, email.policy, json, sys
            with open(sys.argv[1], "rb") as file:
                raw = file.read()
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            print(json.dumps([mail["subject"], mail.get_content(), [str(d) for d in mail.defects], max(map(len, raw.split(b"\r\n"))), raw.count(b"\n") - raw.count(b"\r\n")]))
            """, (string)mail["file"]!], new Dictionary<string, string>());
        var seen = JsonNode.Parse(parsed.Output)!;
        Assert.Equal(subject.TrimEnd(), ((string)seen[0]!).TrimEnd());
        Assert.StartsWith(text + "\n\n--\n", ((string)seen[1]!).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Empty(seen[2]!.AsArray());
        Assert.InRange((int)seen[3]!, 1, 78);
        Assert.Equal(0, (int)seen[4]!);
        Assert.StartsWith(text, (string)mail["text"]!, StringComparison.Ordinal);
        Assert.Equal(subject.TrimEnd(), ((string)mail["subject"]!).TrimEnd());
    }

    [Fact]
    public async Task A_person_lists_reads_and_follows_the_mail()
    {
        var topic = (await _aws.Aws.Send(new CreateTopic("people"))).TopicArn;
        await _aws.Aws.Send(new Subscribe(topic, "email", Ann));
        await _aws.Aws.Send(new Subscribe(topic, "email-json", "bob@example.com"));
        foreach (var mail in await Mails(2))
        {
            await Confirm(mail);
        }

        using var follower = Process.Start(new ProcessStartInfo(Slipway, ["inbox", "--data", _aws.DataDirectory, "--follow", "--to", Ann]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        try
        {
            Assert.EndsWith("Subscription Confirmation", await Line(), StringComparison.Ordinal);
            await _aws.Aws.Send(new Publish("x", topic, Subject: "First"));
            Assert.EndsWith("First", await Line(), StringComparison.Ordinal);
        }
        finally
        {
            follower.Kill();
        }

        await _aws.Aws.Send(new Publish("A model waits.\n\u001b[31mred", topic, Subject: "Approve?"));
        await Mails(6);
        var list = await Inbox("--to", Ann);
        Assert.Collection(
            list.Output.Trim().Split('\n'),
            line => Assert.EndsWith("AWS Notification - Subscription Confirmation", line, StringComparison.Ordinal),
            line => Assert.EndsWith("First", line, StringComparison.Ordinal),
            line => Assert.EndsWith("Approve?", line, StringComparison.Ordinal));
        var number = list.Output.Trim().Split('\n')[2].Trim().Split(' ')[0];
        var read = await Inbox(number);
        Assert.Contains("To: ann@example.com\n", read.Output, StringComparison.Ordinal);
        Assert.Contains("Subject: Approve?\n\nA model waits.\n\uFFFD[31mred", read.Output, StringComparison.Ordinal);
        var envelope = (await Mails(6)).Single(m => (string?)m["to"] == "bob@example.com" && (string?)m["subject"] == "Approve?");
        Assert.Equal("Notification", (string?)JsonNode.Parse(Regex.Replace((string)envelope["text"]!, @"\n--\n.*", ""))!["Type"]);
        Assert.Equal(2, (await Inbox("7")).ExitCode);

        async Task<string?> Line() => await follower.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task A_message_of_a_topic_with_a_key_is_encrypted_until_it_has_come_and_needs_the_key()
    {
        var key = (await _aws.Aws.Send(new CreateKey())).KeyMetadata.KeyId;
        var topic = (await _aws.Aws.Send(new CreateTopic("sealed", new Dictionary<string, string> { ["KmsMasterKeyId"] = key }))).TopicArn;
        await _aws.Aws.Send(new Subscribe(topic, "email", Ann));
        await Confirm((await Mails(1))[0]);
        await _aws.Aws.Send(new Publish("for Ann alone", topic));
        Assert.StartsWith("for Ann alone", (string)(await Mails(2))[1]["text"]!, StringComparison.Ordinal);
        await _aws.Aws.Send(new DisableKey(key));
        var error = await Assert.ThrowsAsync<AwsException>(() => _aws.Aws.Send(new Publish("never", topic)));
        Assert.Equal("KMSDisabled", error.Code);
        error = await Assert.ThrowsAsync<AwsException>(() => _aws.Aws.Send(new CreateTopic("none", new Dictionary<string, string> { ["KmsMasterKeyId"] = Guid.Empty.ToString() })));
        Assert.Equal("KMSNotFound", error.Code);
    }

    private static async Task Confirm(JsonNode mail)
    {
        using var http = new HttpClient();
        var answer = await http.GetAsync(new Uri(Address().Match((string)mail["text"]!).Value), TestContext.Current.CancellationToken);
        Assert.Contains("<SubscriptionArn>arn:aws:sns:", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private Task<Command> Inbox(params string[] arguments) =>
        Command.Run(Slipway, ["inbox", "--data", _aws.DataDirectory, .. arguments], new Dictionary<string, string>());

    /// <summary>All mail, as <c>--json</c> shows it, once there is so much.</summary>
    private async Task<List<JsonNode>> Mails(int count)
    {
        await Patience.Until(() => Task.FromResult(Directory.Exists(_aws.Options.Inbox) && Directory.GetFiles(_aws.Options.Inbox, "*.eml").Length >= count));
        return [.. (await Inbox("--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
    }

    [GeneratedRegex(@"http://\S+\?Action=[^\s""]+")]
    private static partial Regex Address();
}
