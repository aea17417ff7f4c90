using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>Images whose channels lie side by side keep that order on their way through rows and stores: their convolutions are faster.</summary>
public sealed class ChannelOrderTests : CoreTest
{
    private static readonly StoreKey Key = new("x");
    private static readonly RowSet All = RowSet.Of(4, Branch.Conditional);

    private static Tensor Image() => arange(4 * 2 * 2 * 3).to(ScalarType.Float32).view(4, 2, 2, 3).permute(0, 3, 1, 2);

    private static bool HasChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).is_contiguous();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(3, 1)]
    public void RowsThatAreTaken(int first, int second)
    {
        var image = Image();
        var taken = All.Take(image, [first, second]);
        Assert.True(HasChannelsLast(taken));
        Assert.Equal(image.contiguous().index_select(0, tensor(new long[] { first, second })).data<float>().ToArray(), taken.contiguous().data<float>().ToArray());
    }

    [Fact]
    public void RowsThatArePutTogether()
    {
        var image = Image();
        var merged = All.Merge([0, 2], All.Take(image, [0, 2]), [1, 3], All.Take(image, [1, 3])).Main;
        Assert.True(HasChannelsLast(merged));
        Assert.Equal(image.contiguous().data<float>().ToArray(), merged.contiguous().data<float>().ToArray());
    }

    [Fact]
    public void WhatIsRememberedIsNoCopy()
    {
        using var store = new RunStore();
        var image = Image();
        var whole = image.alias();
        store.Push(Key, All, whole);
        image.fill_(7);
        var got = store.Get(Key, All).Value;
        Assert.True(HasChannelsLast(got));
        Assert.All(got.contiguous().data<float>().ToArray(), v => Assert.Equal(7, v));
    }

    [Fact]
    public void AnotherOrderThatLeavesOutElementsIsCopied()
    {
        using var store = new RunStore();
        var image = Image();
        store.Push(Key, All, image.narrow(1, 0, 2));
        image.fill_(7);
        Assert.DoesNotContain(7, store.Get(Key, All).Value.contiguous().data<float>().ToArray().Take(1));
        Assert.Equal(4 * 2 * 2 * 2 * 4, store.Bytes);
    }

    [Fact]
    public void OverlappingElementsAreCopied()
    {
        using var store = new RunStore();
        var line = arange(8).to(ScalarType.Float32);
        store.Push(Key, All, line.as_strided([4, 2], [2, 0]));
        line.fill_(9);
        Assert.Equal([0, 0, 2, 2, 4, 4, 6, 6], store.Get(Key, All).Value.contiguous().data<float>().ToArray());
    }
}
