using System.Text.Json;
using Acceleration.Tests.Tool;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

/// <summary>A run of diffusers' TaylorSeer at the network's output: what it computed is taken from the file, and what it made up must follow.</summary>
public sealed class TaylorFixtureTests
{
    [Fact]
    public void WhatTheReferenceMadeUpFollowsFromWhatItComputed()
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(Golden.PathOf("caching/taylorseer_flux_lite"));
        using var config = JsonDocument.Parse(file.Metadata["technique_config"]);
        var taylor = new Taylor(config.RootElement.GetProperty("max_order").GetInt32());
        var outputs = file.Read("output.model_out");
        var ran = file.Read("output.computed").sum(1).cpu().data<long>().ToArray();

        var made = 0;
        for (var step = 0; step < ran.Length; step++)
        {
            if (ran[step] > 0)
            {
                continue;
            }

            int[] kept = [.. Enumerable.Range(0, step).Where(s => ran[s] > 0).Reverse().Take(taylor.Depth)];
            float[][] entries = [.. kept.Select(s => outputs[s].Floats())];
            var weights = taylor.Weights([.. kept.Select(s => (double)s)], step);
            Close.All(outputs[step].Floats(), [.. entries[0].Select((_, i) => (float)entries.Select((e, age) => weights[age] * e[i]).Sum())], 1e-5);
            made++;
        }

        Assert.Equal(5, made);
    }
}
