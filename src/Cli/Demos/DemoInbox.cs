using System.Text.RegularExpressions;
using Slipway.LocalAws;
using Slipway.Workflow;

namespace Slipway.Cli.Demos;

/// <summary>The mail that the demo's person would have had.</summary>
/// <param name="data">The data directory of local AWS.</param>
/// <param name="endpoint">Where it listens now.</param>
internal sealed partial class DemoInbox(string data, Uri endpoint)
{
    /// <summary>The person's address.</summary>
    public const string Address = "you@example.com";

    private const string Confirmation = "Subscription Confirmation";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Confirms subscriptions as a person does, by the address in each mail.</summary>
    /// <param name="count">How many ask for it.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task Confirm(int count, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        var until = TimeProvider.System.GetUtcNow() + Limit;
        List<MailFile> asked;
        while ((asked = [.. Mails().Where(m => m.Subject.Contains(Confirmation, StringComparison.Ordinal))]).Count < count)
        {
            if (TimeProvider.System.GetUtcNow() > until)
            {
                throw new WorkflowException($"SNS has asked {asked.Count} of {count} times to confirm {Address}.");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }

        foreach (var mail in asked)
        {
            // the mail of an earlier run on the same data has the address at which local AWS listened then
            var link = new Uri(endpoint, new Uri(Link().Match(mail.Text).Value).PathAndQuery);
            (await http.GetAsync(link, cancellation)).EnsureSuccessStatusCode();
        }
    }

    /// <summary>What the mails are about, confirmations left out.</summary>
    public IReadOnlyList<string> Subjects() => [.. Mails().Select(m => m.Subject).Where(s => !s.Contains(Confirmation, StringComparison.Ordinal))];

    private IEnumerable<MailFile> Mails() => MailFile.FilesOf(new LocalAwsOptions { DataDirectory = data }.Inbox).Select((f, i) => MailFile.Read(f, i + 1));

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Link();
}
