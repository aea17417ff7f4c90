using System.Text.Json.Nodes;
using Acceleration.Onnx;

namespace Acceleration.Tests.Onnx;

/// <summary>Manifests of other versions, and such as name what is no longer there: both are made anew by splitting.</summary>
[Collection(OnnxSplits.Name)]
public sealed class ManifestFormTests(OnnxSplits splits) : OnnxTest
{
    private string File => Path.Combine(At("split"), OnnxSplitter.ManifestName);

    /// <summary>A later version adds members and renames others, an earlier one lacks some: the number is told before any of these.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void AnotherVersionsFormIsToldByItsNumber(int later)
    {
        var form = SplitManifest.Version + later;
        Change(json =>
        {
            json["format"] = form;
            json["fused"] = new JsonArray { 1 };
            json.Remove("tail");
        });
        Assert.EndsWith($"it is of form {form}, and this version reads {SplitManifest.Version}: split the model again.", Refused(), StringComparison.Ordinal);
        System.IO.File.WriteAllText(File, "{\"format\": 9999999999, \"all\": \"else\"}");
        Assert.Contains("it is of form 9999999999, and", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"three\"")]
    [InlineData("2.5")]
    [InlineData("null")]
    [InlineData("{}")]
    public void ANumberThatIsNoneIsNoManifest(string number)
    {
        Change(json => json["format"] = JsonNode.Parse(number));
        var message = Refused();
        Assert.Contains("it is no manifest of a split model", message, StringComparison.Ordinal);
        Assert.Contains("format", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null", "it is empty")]
    [InlineData("{}", "it is no manifest of a split model")]
    [InlineData("[]", "it is no manifest of a split model")]
    [InlineData("{\"\\ud800\": 1}", "it is no manifest of a split model")]
    [InlineData("", "it is no manifest of a split model")]
    public void WhatIsNoManifestIsStillTold(string text, string reason)
    {
        Change(_ => { });
        System.IO.File.WriteAllText(File, text);
        Assert.Contains(reason, Refused(), StringComparison.Ordinal);
    }

    /// <summary>This version's members are read strictly.</summary>
    [Fact]
    public void AnUnknownMemberOfThisFormIsNamed()
    {
        Change(json => json["fused"] = 1);
        Assert.Contains("fused", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingPartIsNamedWithTheRemedy()
    {
        foreach (var part in Directory.EnumerateFiles(splits.UNet, "*.onnx").Select(Path.GetFileName).Order(StringComparer.Ordinal).Take(3))
        {
            OnnxSplits.Copy(splits.UNet, At(part!));
            System.IO.File.Delete(Path.Combine(At(part!), part!));
            var error = Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(At(part!)));
            Assert.Equal(Path.Combine(At(part!), part!), error.File);
            Assert.EndsWith($"the file does not exist, and '{Path.Combine(At(part!), OnnxSplitter.ManifestName)}' names it as a part. Split the model again.", error.Message, StringComparison.Ordinal);
        }
    }

    private void Change(Action<JsonObject> change)
    {
        OnnxSplits.Copy(splits.Dit, At("split"));
        var json = JsonNode.Parse(System.IO.File.ReadAllText(File))!.AsObject();
        change(json);
        System.IO.File.WriteAllText(File, json.ToJsonString());
    }

    private string Refused() => Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(At("split"))).Message;
}
