using Slipway.Aws.SageMaker;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.Wire;

namespace Slipway.Tests.LocalAws.Wire;

public sealed class OperationsTests
{
    [Fact]
    public void Two_handlers_of_one_request_are_refused_by_name()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Operations.Find([typeof(First), typeof(Second)]));
        Assert.Equal($"ListModels has two handlers: {typeof(First)}.List and {typeof(Second)}.ListAgain", refused.Message);
    }

    [Fact]
    public void The_handlers_are_looked_at_when_local_AWS_starts() =>
        Assert.False(typeof(Operations).Attributes.HasFlag(System.Reflection.TypeAttributes.BeforeFieldInit));

    [Fact]
    public void No_two_operations_of_S3_take_the_same_requests()
    {
        var marks = S3Operation.All.Select(o => $"{o.Marks.Method} {o.Marks.Level} {string.Join('&', o.Marks.Query.Order(StringComparer.Ordinal))} {o.Marks.Header}").ToList();
        Assert.NotEmpty(marks);
        Assert.Equal(marks.Distinct(), marks);
    }

    private sealed class First
    {
        public ListModels.Response List(ListModels request) => throw new NotSupportedException(request.ToString());
    }

    private sealed class Second
    {
        public ListModels.Response ListAgain(ListModels request) => throw new NotSupportedException(request.ToString());
    }
}
