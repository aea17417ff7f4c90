using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Encoded prompts in files.</summary>
public sealed class PromptEmbeddingsTests : ModelTest
{
    [Fact]
    public void WhatIsSavedIsRead()
    {
        using (var made = new PromptEmbeddings(new(2, (ConditionNames.Text, Normal(1, 2, 5, 8)), (ConditionNames.TextMask, ones([2, 5], ScalarType.Bool)), (ConditionNames.Pooled, Normal(2, 1, 4))), ["a cat", "ein „Hund“\n"], "abc+def"))
        {
            made.Save(PathOf("prompts.safetensors"));
        }

        using var read = PromptEmbeddings.Read(PathOf("prompts.safetensors"));
        Assert.Equal(["a cat", "ein „Hund“\n"], read.Prompts);
        Assert.Equal((2, "abc+def"), (read.Condition.Rows, read.Encoder));
        Assert.Equal(0, Difference(Normal(1, 2, 5, 8), read.Condition[ConditionNames.Text]));
        Assert.Equal(ScalarType.Bool, read.Condition[ConditionNames.TextMask].dtype);
        Assert.Equal([1L, 4L], read.Condition[ConditionNames.Pooled].shape);
        read.RequireEncoder("abc+def");
        Assert.Contains("encoded by abc+def, not by other", Assert.Throws<ArgumentException>(() => read.RequireEncoder("other")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind", "models", "it is of kind 'models'")]
    [InlineData("kind", null, "does not say 'kind'")]
    [InlineData("schema", "2", "version 2")]
    [InlineData("rows", "0", "is no number of rows")]
    [InlineData("rows", "3", "must have 3 rows")]
    [InlineData("prompts", "[1]", "is no list of texts")]
    [InlineData("prompts", "null", "is no list of texts")]
    [InlineData("prompts", "[\"a\", \"b\", \"c\"]", "3 prompts for 2 rows")]
    [InlineData("encoder", "", "holds no encoded prompts")]
    public void OtherFilesAreRefused(string key, string? value, string expected)
    {
        var metadata = new Dictionary<string, string> { ["kind"] = "prompt_embeddings", ["schema"] = "1", ["rows"] = "2", ["prompts"] = "[\"a\"]", ["encoder"] = "x" };
        metadata.Remove(key);
        if (value is not null)
        {
            metadata[key] = value;
        }

        SafetensorsFile.Write(PathOf("other.safetensors"), [("text", zeros(2, 3, 4))], metadata);
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => PromptEmbeddings.Read(PathOf("other.safetensors"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingIsNoCondition()
    {
        using var none = Conditioning.None(1);
        Assert.Throws<ArgumentException>(() => new PromptEmbeddings(none, ["a"], "x"));
    }
}
