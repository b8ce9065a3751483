using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Slipway.LocalAws;
using Slipway.Workflow;
using Spectre.Console;

namespace Slipway.Cli;

/// <summary><c>slipway inbox</c>: the mail that a person would have had, from the files that local AWS's SNS writes (docs/decisions/0004).</summary>
internal static class InboxVerb
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Verb()
    {
        var mail = new Argument<int?>("mail") { Description = "The number of a mail, to read it", Arity = ArgumentArity.ZeroOrOne };
        var data = Options.Data();
        var to = new Option<string?>("--to") { Description = "Only the mail to this address" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with new mail until Ctrl-C" };
        var json = new Option<bool>("--json") { Description = "As JSON, an object on each line" };
        var verb = new Verb("inbox", "Show the mail that SNS would have sent: on this machine it is kept in files.",
            "inbox                                    the mail, the newest last",
            "inbox 2                                  the second mail",
            "inbox --to ann@example.com --follow      new mail to an address, as it comes",
            "inbox --json | tail -1 | jq -r .text     the newest mail's text",
            "inbox --data /tmp/rehearsal              of a local AWS with another data directory")
        {
            mail, data, to, follow, json,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var inbox = Inbox(parsed.GetValue(data)!, parsed.GetValue(follow));
            if (parsed.GetValue(mail) is { } number)
            {
                Show(inbox, number, parsed.GetValue(json));
            }
            else
            {
                await List(inbox, parsed.GetValue(to), parsed.GetValue(follow), parsed.GetValue(json), cancellation);
            }

            return ExitCode.Done;
        });
        return verb;
    }

    private static string Inbox(string data, bool follows)
    {
        if (!follows && !Directory.Exists(data))
        {
            throw new BadInputException($"There is no data directory {data}. ./slipway up makes one; --data names another.");
        }

        return new LocalAwsOptions { DataDirectory = Options.Folder("--data", data) }.Inbox;
    }

    private static void Show(string inbox, int number, bool json)
    {
        var files = MailFile.FilesOf(inbox);
        if (number < 1 || number > files.Count)
        {
            throw new BadInputException(files.Count == 0 ? $"There is no mail {number}: the inbox is empty." : $"There is no mail {number}: there are 1 to {files.Count}.");
        }

        var mail = MailFile.Read(files[number - 1], number);
        Console.WriteLine(json ? JsonSerializer.Serialize(mail, Json)
            : $"From: {Plain(mail.From)}\nTo: {Plain(mail.To)}\nDate: {Plain(mail.Date)}\nSubject: {Plain(mail.Subject)}\n\n{Plain(mail.Text)}");
    }

    private static async Task List(string inbox, string? to, bool follow, bool json, CancellationToken cancellation)
    {
        var shown = 0;
        while (true)
        {
            var files = MailFile.FilesOf(inbox);
            for (; shown < files.Count; shown++)
            {
                var mail = MailFile.Read(files[shown], shown + 1);
                if (to is null || string.Equals(mail.To, to, StringComparison.OrdinalIgnoreCase))
                {
                    Console.WriteLine(json ? JsonSerializer.Serialize(mail, Json) : string.Create(
                        CultureInfo.InvariantCulture, $"{mail.Number,4}  {Plain(mail.Date),-31}  {Plain(mail.To),-28}  {Plain(mail.Subject)}"));
                }
            }

            if (!follow)
            {
                if (shown == 0 && !json)
                {
                    Terminal.Console.WriteLine("No mail.");
                }

                return;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }
    }

    /// <summary>What a terminal can show: a message may have been written by anybody.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? '\uFFFD' : c));
}
