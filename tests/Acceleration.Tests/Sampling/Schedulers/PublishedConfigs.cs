namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Configurations as checkpoints have them, keys of other classes included.</summary>
internal static class PublishedConfigs
{
    public const string StableDiffusion15 =
        """
        {"_class_name": "PNDMScheduler", "_diffusers_version": "0.6.0", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "num_train_timesteps": 1000,
         "set_alpha_to_one": false, "skip_prk_steps": true, "steps_offset": 1, "trained_betas": null, "clip_sample": false}
        """;

    public const string StableDiffusion21 =
        """
        {"_class_name": "DDIMScheduler", "_diffusers_version": "0.8.0", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "clip_sample": false,
         "num_train_timesteps": 1000, "prediction_type": "v_prediction", "set_alpha_to_one": false, "skip_prk_steps": true, "steps_offset": 1, "trained_betas": null}
        """;

    public const string StableDiffusionXL =
        """
        {"_class_name": "EulerDiscreteScheduler", "_diffusers_version": "0.19.0.dev0", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "clip_sample": false,
         "interpolation_type": "linear", "num_train_timesteps": 1000, "prediction_type": "epsilon", "sample_max_value": 1.0, "set_alpha_to_one": false, "skip_prk_steps": true,
         "steps_offset": 1, "timestep_spacing": "leading", "trained_betas": null, "use_karras_sigmas": false}
        """;

    public const string StableDiffusion3 =
        """
        {"_class_name": "FlowMatchEulerDiscreteScheduler", "_diffusers_version": "0.29.0.dev0", "num_train_timesteps": 1000, "shift": 3.0}
        """;

    public const string Flux =
        """
        {"_class_name": "FlowMatchEulerDiscreteScheduler", "_diffusers_version": "0.30.0.dev0", "base_image_seq_len": 256, "base_shift": 0.5, "max_image_seq_len": 4096, "max_shift": 1.15,
         "num_train_timesteps": 1000, "shift": 3.0, "use_dynamic_shifting": true}
        """;

    public const string PixArt =
        """
        {"_class_name": "DPMSolverMultistepScheduler", "_diffusers_version": "0.22.0.dev0", "algorithm_type": "dpmsolver++", "beta_end": 0.02, "beta_schedule": "linear", "beta_start": 0.0001,
         "dynamic_thresholding_ratio": 0.995, "euler_at_final": false, "lambda_min_clipped": -Infinity, "lower_order_final": true, "num_train_timesteps": 1000, "prediction_type": "epsilon",
         "sample_max_value": 1.0, "solver_order": 2, "solver_type": "midpoint", "steps_offset": 0, "thresholding": false, "timestep_spacing": "linspace", "trained_betas": null,
         "use_karras_sigmas": false, "use_lu_lambdas": false, "variance_type": null}
        """;

    public const string Wan =
        """
        {"_class_name": "UniPCMultistepScheduler", "_diffusers_version": "0.33.0.dev0", "beta_end": 0.02, "beta_schedule": "linear", "beta_start": 0.0001, "disable_corrector": [],
         "dynamic_thresholding_ratio": 0.995, "final_sigmas_type": "zero", "flow_shift": 3.0, "lower_order_final": true, "num_train_timesteps": 1000, "predict_x0": true,
         "prediction_type": "flow_prediction", "rescale_betas_zero_snr": false, "sample_max_value": 1.0, "solver_order": 2, "solver_p": null, "solver_type": "bh2", "steps_offset": 0,
         "thresholding": false, "timestep_spacing": "linspace", "trained_betas": null, "use_beta_sigmas": false, "use_exponential_sigmas": false, "use_flow_sigmas": true, "use_karras_sigmas": false}
        """;

    public const string LatentConsistency =
        """
        {"_class_name": "LCMScheduler", "_diffusers_version": "0.22.0.dev0", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "clip_sample": false,
         "clip_sample_range": 1.0, "dynamic_thresholding_ratio": 0.995, "num_train_timesteps": 1000, "original_inference_steps": 50, "prediction_type": "epsilon",
         "rescale_betas_zero_snr": false, "sample_max_value": 1.0, "set_alpha_to_one": true, "skip_prk_steps": true, "steps_offset": 1, "thresholding": false, "timestep_spacing": "leading",
         "trained_betas": null}
        """;

    public const string DiT =
        """
        {"_class_name": "DDIMScheduler", "_diffusers_version": "0.12.0.dev0", "beta_end": 0.02, "beta_schedule": "linear", "beta_start": 0.0001, "clip_sample": false,
         "num_train_timesteps": 1000, "prediction_type": "epsilon", "set_alpha_to_one": true, "steps_offset": 0, "trained_betas": null}
        """;

    /// <summary>Name, configuration, and the keys that belong to other classes.</summary>
    public static TheoryData<string, string, string> All { get; } = new()
    {
        { nameof(StableDiffusion15), StableDiffusion15, "clip_sample" },
        { nameof(StableDiffusion21), StableDiffusion21, "skip_prk_steps" },
        { nameof(StableDiffusionXL), StableDiffusionXL, "clip_sample, sample_max_value, set_alpha_to_one, skip_prk_steps" },
        { nameof(StableDiffusion3), StableDiffusion3, "" },
        { nameof(Flux), Flux, "" },
        { nameof(PixArt), PixArt, "" },
        { nameof(Wan), Wan, "" },
        { nameof(LatentConsistency), LatentConsistency, "skip_prk_steps" },
        { nameof(DiT), DiT, "" },
    };
}
