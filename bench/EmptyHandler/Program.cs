using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

// What the model server is held against: Kestrel that reads a body and answers a constant.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
var web = builder.Build();
web.Run(async context =>
{
    var reader = context.Request.BodyReader;
    var body = await reader.ReadAsync();
    while (!body.IsCompleted)
    {
        reader.AdvanceTo(body.Buffer.Start, body.Buffer.End);
        body = await reader.ReadAsync();
    }
    reader.AdvanceTo(body.Buffer.End);
    context.Response.ContentType = "text/csv";
    context.Response.ContentLength = 9;
    "0.731059\n"u8.CopyTo(context.Response.BodyWriter.GetSpan(9));
    context.Response.BodyWriter.Advance(9);
    await context.Response.BodyWriter.FlushAsync();
});
await web.StartAsync();
Console.WriteLine("Listening on " + web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
await web.WaitForShutdownAsync();
